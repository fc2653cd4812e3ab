"""The csv exports of the demo: feed, system, encoding, and which rows defects may choose from.

What their rows are is in `sql/exports/<name>.sql`, how they are written in `exports.py`.
"""

from dataclasses import dataclass

_GOOD = "select _key, false as again from good"


@dataclass(frozen=True)
class Export:
    """One kind of csv export; `eligible` selects the keys that defects may choose from."""

    name: str
    feed: str
    source_system: str
    encoding: str = "utf-8-sig"
    eligible: str = _GOOD
    gzipped: range = range(0)
    zipped: range = range(0)


# Sales of quiet, finished orders: their totals are known, so that a defect is the only surprise.
_SALES = """
    select order_no as _key, platform, strftime(day, '%Y-%m') = getvariable('again') as again
    from orders
    where is_sale and source_system = 'wangdiantong' and goods_amount > 3000
        and day < getvariable('now')::date - 45
        and order_no not in (select order_no from refunds)"""
_LINES = """
    select order_no * 16 + line_no as _key, false as again
    from lines
    inner join orders using (order_no)
    where is_sale and source_system = 'wangdiantong' and not is_gift"""
_REFUNDS = """
    select refund_no as _key, false as again
    from refunds
    inner join orders using (order_no)
    where status = 'success' and orders.source_system = 'wangdiantong'
        and refund_type in ('pre_shipment', 'return')"""

EXPORTS = (
    Export("crm_customers", "crm.customers", "crm", "gb18030"),
    Export("crm_identifiers", "crm.identifiers", "crm", "utf-8"),
    Export("crm_interactions", "crm.interactions", "crm"),
    Export("crm_consents", "crm.consents", "crm"),
    Export("crm_leads", "crm.leads", "crm"),
    Export("erp_customers", "erp.customers", "wangdiantong", "gb18030"),
    Export("erp_orders", "erp.orders", "wangdiantong", "gb18030", _SALES),
    Export(
        "erp_order_lines", "erp.order_lines", "wangdiantong", "utf-8-sig", _LINES,
        gzipped=range(3, 6), zipped=range(3),
    ),
    Export("erp_refunds", "erp.refunds", "wangdiantong", "gb18030", _REFUNDS),
    Export("jd_orders", "erp.orders", "jd", "gb18030"),
    Export("jd_refunds", "erp.refunds", "jd", "gb18030"),
    Export("douyin_orders", "erp.order_lines", "douyin"),
    Export("douyin_refunds", "erp.refunds", "douyin"),
    Export("erp_promotion_periods", "erp.promotion_periods", "wangdiantong", "gb18030"),
    Export("erp_coupons", "erp.coupons", "wangdiantong", "gb18030"),
    Export("erp_coupon_redemptions", "erp.coupon_redemptions", "wangdiantong", "gb18030"),
    Export("erp_places", "erp.places", "wangdiantong", "gb18030"),
    Export("erp_inventory", "erp.inventory", "wangdiantong", "gb18030"),
    Export("erp_costs", "erp.costs", "wangdiantong", "gb18030"),
    Export("jd_settlements", "erp.settlements", "jd", "gb18030"),
    Export("douyin_settlements", "erp.settlements", "douyin"),
    Export("ads_campaigns", "ads.campaigns", "ads", "gb18030"),
    Export("ads_wanxiang", "ads.daily_spend", "wanxiangtai", "gb18030"),
    Export("ads_wanxiang_ads", "ads.daily_spend", "wanxiangtai", "gb18030"),
    Export("ads_wanxiang_audience", "ads.daily_spend", "wanxiangtai", "gb18030"),
    Export("ads_creatives", "ads.creatives", "wanxiangtai", "gb18030"),
    Export("ads_qianchuan", "ads.daily_spend", "qianchuan"),
    Export("ads_juguang", "ads.daily_spend", "juguang", "utf-8"),
    Export("ads_google", "ads.daily_spend", "google_ads", "utf-8"),
    Export("jd_traffic", "web.daily_traffic", "shangzhi"),
    Export("web_assignments", "web.experiment_assignments", "ab_tool", "utf-8"),
    Export("web_outcomes", "web.experiment_outcomes", "ab_tool", "utf-8"),
)  # fmt: skip
