"""Why an identifier or a member is left out; the first reason of the list that holds for a member is counted."""

REASONS = {
    "refused": ("refused or withdrew", "已拒绝或撤回授权"),
    "no_consent": ("no consent to advertising", "没有广告授权"),
    "hub": ("phone or e-mail of many customers", "多人共用的号码"),
    "virtual": ("virtual number", "虚拟号"),
    "masked": ("masked", "脱敏号码"),
    "placeholder": ("placeholder or service number", "占位号或客服号"),
    "unverified": ("not verified by its source", "来源未验证"),
    "malformed": ("not a phone or e-mail", "格式错误"),
    "unknown_country": ("country not known", "国家未知"),
    "unsupported_country": ("country that the platform does not take", "平台不支持的国家"),
    "not_built": ("landed after the last build", "尚未建模"),
    "no_identifier": ("no identifier that the platform takes", "没有平台接受的标识"),
    "below_minimum": ("list below the minimum", "名单人数不足"),
}
"""English and Chinese text of each code."""

OF_IDENTITY = {
    "masked": "masked",
    "virtual_number": "virtual",
    "placeholder": "placeholder",
    "service_number": "placeholder",
    "role_mailbox": "placeholder",
    "unverified": "unverified",
}
"""What identity resolution calls the reason; others are `malformed`."""


def first(found: set[str]) -> str:
    """The reason that is counted for a member with several."""
    return next((reason for reason in REASONS if reason in found), "no_identifier")
