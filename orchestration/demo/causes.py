"""The causes that the demo can switch off under the same seed: their effect is the difference of two shops."""

from enum import StrEnum


class Cause(StrEnum):
    """A cause that can be switched off."""

    AD_LEVELS = "ad_levels"
    CHANNEL_VALUE = "channel_value"
    DEALS = "deals"
    FESTIVAL_ONLY = "festival_only"
    ITEMSETS = "itemsets"
    JUGUANG = "juguang"
    M300 = "m300"
    PRICE_LEVEL = "price_level"
    QIANCHUAN = "qianchuan"
    REFUNDS = "refunds"
    SYNERGY = "synergy"
    TEA_GIFTS = "tea_gifts"
    WANXIANG = "wanxiang"
    WECHAT = "wechat"
    XIAOHONGSHU = "xiaohongshu"


WITHOUT = {
    Cause.AD_LEVELS: "advertising has the same level in all weeks, without a pause",
    Cause.CHANNEL_VALUE: "customers of all first channels spend alike",
    Cause.DEALS: "no group waits for promotions or takes more coupons",
    Cause.FESTIVAL_ONLY: "no group waits for festivals",
    Cause.ITEMSETS: "no products are bought as a set or repel each other",
    Cause.JUGUANG: "notes bring no orders to the own store or Tmall's search",
    Cause.M300: "the promotion brings no orders and moves none",
    Cause.PRICE_LEVEL: "all people buy equally dear products",
    Cause.QIANCHUAN: "advertising brings no orders to Douyin",
    Cause.REFUNDS: "all people ask for refunds equally often",
    Cause.SYNERGY: "notes and shopping ads bring no orders together",
    Cause.TEA_GIFTS: "shopping ads bring no orders to the own store",
    Cause.WANXIANG: "advertising brings no orders to Tmall",
    Cause.WECHAT: "WeChat messages bring no orders to the own store",
    Cause.XIAOHONGSHU: "Xiaohongshu brings no orders to the own store",
}
"""What is true of the shop if a cause is switched off."""

ADVERTISING_AND_PROMOTIONS = (
    Cause.JUGUANG, Cause.M300, Cause.QIANCHUAN, Cause.SYNERGY, Cause.TEA_GIFTS, Cause.WANXIANG,
    Cause.WECHAT, Cause.XIAOHONGSHU,
)  # fmt: skip
"""The causes that decide whether a purchase takes place. What remains without them is what people buy by themselves."""
