"""Every profile lands a small file shaped like the real export, in the encoding that the export has."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from landing_kit import LandingShop, csv_of

from orchestration.config.contract import load_contract
from orchestration.config.mapping_check import PROFILES
from orchestration.config.yaml_file import read_yaml

ADDRESS = "浙江省 杭州市 西湖区 文三路 1 号"


@dataclass(frozen=True)
class Case:
    """An export and what its rows become, by a column that identifies them."""

    header: str
    rows: tuple[str, ...]
    expected: Mapping[str, Mapping[str, Any]]
    by: str = "order_id"
    encoding: str = "utf-8"
    quarantined: int = 0
    zone: str = "Asia/Shanghai"
    changes: Mapping[str, Any] = field(default_factory=dict)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


CASES = {
    "taobao_orders": Case(
        "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,收货人姓名,"
        "收货地址,联系手机,订单创建时间,订单付款时间,宝贝标题,宝贝总数量,物流单号,订单关闭原因,店铺名称",
        (
            f'"=""2506230000000000001""",t**1,,90.00,10.00,100.00,100.00,交易成功,茶花,{ADDRESS},\'13800000001,'
            "2024-06-18 00:00:01,2024-06-18 00:01:00,普洱,1,No:1,,山茶",
            "2506230000000000002,t**2,,50,0,50,0,等待买家付款,茶,上海,13800000002,2024-06-18 10:00:00,"
            "0000-00-00 00:00:00,茶,1,,,山茶",
            "2506230000000000003,t**3,,50,0,50,50,买家已付款，等待卖家发货,茶,x,13800000003,2024/6/18 10:00,"
            "2024/6/18 10:01,茶,1,,,山茶",
            "2506230000000000004,t**4,,50,0,50,50,交易关闭,茶,x,13800000004,2024/6/18 10:00,"
            "2024/6/18 10:01,茶,1,,,山茶",
        ),
        {
            "2506230000000000001": {
                "status": "completed", "list_amount": 90, "shipping_amount": 10, "paid_amount": 100,
                "province": "浙江省", "phone": "13800000001", "ordered_at": at("2024-06-17 16:00:01"),
            },
            "2506230000000000002": {"status": "unpaid", "paid_at": None, "province": "上海"},
            "2506230000000000003": {"status": "paid", "paid_at": at("2024-06-18 02:01"), "refund_status": None},
            "2506230000000000004": {"status": "cancelled", "refund_status": "success"},
        },
        encoding="gb18030",
    ),
    "taobao_lines": Case(
        "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码",
        ("1,普洱,45.50,2,,颜色:红,,,交易成功,PU-1", "1,普洱,45.50,2,,颜色:绿,,,交易成功,PU-1"),
        {"1": {"product_id": "PU-1", "quantity": 2, "unit_price": Decimal("45.5")}},
        encoding="gb18030",
    ),
    "taobao_refunds": Case(
        "订单编号,退款编号,支付宝交易号,订单付款时间,商品编码,退款完结时间,买家实际支付金额,买家退款金额,手工/系统退款,"
        "是否需要退货,退款的申请时间,退款状态,货物状态,售中或售后,部分/全部退款,业务类型",
        (
            "1,901,x,2024-06-18 10:00:00,PU,2024-06-20 10:00:00,100,40.00,系统,是,2024-06-19 10:00:00,退款成功,x,售后,部分,x",
            "1,902,x,2024-06-18 10:00:00,PU,,100,60.00,系统,否,2024-06-19 10:00:00,买家已经申请退款，等待卖家同意,x,售中,全部,x",
        ),
        {
            "901": {"status": "success", "refund_type": "return", "refunded_amount": 40,
                    "refunded_at": at("2024-06-20 02:00")},
            "902": {"status": "requested", "refund_type": "refund_only", "refunded_at": None},
        },
        by="refund_id",
        encoding="gb18030",
    ),
    "jd_orders": Case(
        "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,下单帐号,"
        "客户姓名,客户地址,联系电话,运费金额,付款确认时间,货号,订单完成时间,订单渠道",
        (
            "2990001,100,普洱,1,在线支付,2024-06-18 10:00:00,60,100,90,0,90,完成,jd_a,茶,x,1******6198,0,2024-06-18 10:01:00,P,2024-06-25 10:00:00,APP",
            "2990001,101,绿茶,2,在线支付,2024-06-18 10:00:00,20,100,90,0,90,完成,jd_a,茶,x,1******6198,0,2024-06-18 10:01:00,G,2024-06-25 10:00:00,APP",
            "2990002,101,绿茶,1,在线支付,2024-06-18 11:00:00,20,20,20,0,20,(删除)等待出库,jd_b,茶,x,1******6199,0,,G,,APP",
        ),
        {
            "2990001": {"paid_amount": 90, "list_amount": 100, "status": "completed", "platform_buyer_id": "jd_a",
                        "completed_at": at("2024-06-25 02:00")},
            "2990002": {"status": "cancelled", "paid_at": None},
        },
        encoding="gb18030",
    ),
    "jd_lines": Case(
        "订单号,商品ID,商品名称,订购数量,京东价,订单金额",
        ("2990001,100,普洱,1,60,100", "2990001,101,绿茶,2,20,100"),
        {"100": {"quantity": 1, "unit_price": 60, "paid_amount": None}, "101": {"quantity": 2}},
        by="line_id",
        encoding="gb18030",
    ),
    "douyin_orders": Case(
        "主订单编号,子订单编号,选购商品,商品规格,商品数量,商家编码,订单应付金额,运费,收件人,收件人手机号,订单提交时间,"
        "支付完成时间,订单完成时间,订单状态,售后状态,流量体裁",
        (
            '"\t6919000000000000001","\t1",普洱,红,1,P,88.00,0,##abc##,$$xyz$$,2024-06-18 10:00:00,2024-06-18 10:00:09,-,已发货,-,直播',
            '"\t6919000000000000001","\t2",绿茶,绿,2,G,12.00,0,##abc##,$$xyz$$,2024-06-18 10:00:00,2024-06-18 10:00:09,-,已发货,-,直播',
            '"\t6919000000000000002","\t3",绿茶,绿,1,G,6.00,0,##,$$,2024-06-18 11:00:00,-,-,待支付,-,商品卡',
        ),
        {
            "6919000000000000001": {"status": "shipped", "sales_channel": "live", "receiver_name": None,
                                    "phone": None, "completed_at": None, "paid_at": at("2024-06-18 02:00:09")},
            "6919000000000000002": {"status": "unpaid", "sales_channel": "shelf", "paid_at": None},
        },
    ),
    "douyin_lines": Case(
        "主订单编号,子订单编号,选购商品,商品数量,商家编码,订单应付金额,平台实际承担优惠金额,商家实际承担优惠金额,商品单价,"
        "订单状态,售后状态",
        (
            '"\t69","\t1",普洱,2,P,88.00,2.00,10.00,50.00,已完成,-',
            '"\t69","\t4",绿茶,1,G,9.00,0,0,9.00,已关闭,退款成功',
            '"\t69","\t5",绿茶,1,G,9.00,0,0,9.00,已完成,部分退款成功',
            '"\t70","\t2;3",普洱;绿茶,1;2,P,88.00,2.00,10.00,50.00,已完成,-',
        ),
        {
            "1": {"order_id": "69", "paid_amount": 88, "platform_discount_amount": 2, "merchant_discount_amount": 10,
                  "status": "completed", "refund_status": "none"},
            "4": {"status": "cancelled", "refund_status": "success"},
            "5": {"refund_status": None},
        },
        by="line_id",
        quarantined=1,
    ),
    "pdd_orders": Case(
        "商品,订单号,订单状态,商品总价(元),店铺优惠折扣(元),平台优惠折扣(元),多多支付立减金额(元),用户实付金额(元),"
        "商家实收金额(元),商品数量(件),省,商品id,样式ID,订单成交时间,售后状态",
        (
            "普洱,240618-100000000000001,已签收,100.00,5.00,10.00,0.00,85.00,95.00,2,****,77,771,2024-06-18 10:00:00,无售后",
            "普洱,240619-100000000000002,未发货，退款成功,50.00,0,0,0,50.00,50.00,1,浙江省,77,771,,退款成功",
        ),
        {
            "240618-100000000000001": {"list_amount": 100, "merchant_discount_amount": 5, "province": None,
                                       "platform_discount_amount": 10, "paid_amount": 85, "status": "completed",
                                       "refund_status": "none"},
            "240619-100000000000002": {"status": "cancelled", "refund_status": "success", "ordered_at": at("2024-06-18 16:00")},
        },
    ),
    "pdd_lines": Case(
        "商品,订单号,订单状态,商品总价（元）,店铺优惠折扣（元）,平台优惠折扣（元）,商品数量（件）,商品id,样式ID",
        ("普洱,240618-1,已签收,100.00,5.00,10.00,2,77,771",),
        {"771": {"quantity": 2, "unit_price": 50, "product_id": "77", "merchant_discount_amount": 5}},
        by="line_id",
    ),
    "youzan_orders": Case(
        "订单号,订单创建时间,买家付款时间,收货人手机号/提货人手机号,全部商品名称,商品种类数,订单实付金额,订单状态,买家备注,商家订单备注",
        ("E2024,2024-06-18 09:59:00,2024-06-18 10:00:00,13800000001,普洱;绿茶,2,199.00,交易完成,,",),
        {"E2024": {"phone": "13800000001", "paid_amount": 199, "status": "completed",
                   "paid_at": at("2024-06-18 02:00")}},
    ),
    "shopify_orders": Case(
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,"
        "Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Id,Refunded Amount",
        (
            "#1001,a@b.c,paid,2024-01-05 10:23:00 +0800,fulfilled,USD,90.00,5.00,7.20,102.20,TEA,10.00,"
            "2024-01-05 10:22:33 +0800,1,Pu-erh,60.00,P,5551,40.00",
            "#1001,,,,,,,,,,,,,2,Green,20.00,G,,",
            "#1002,a@b.c,pending,,,USD,20.00,0,0,20.00,,0.00,2024-01-05 22:00:00 -0500,1,Green,20.00,G,5552,0.00",
        ),
        {
            "#1001": {"list_amount": 100, "goods_amount": 90, "refunded_amount": 40, "paid_amount": Decimal("102.2"), "platform_order_id": "5551",
                      "ordered_at": at("2024-01-05 02:22:33"), "promotion_id": "TEA"},
            "#1002": {"status": "unpaid", "paid_at": None, "ordered_at": at("2024-01-06 03:00")},
        },
        zone="America/New_York",
    ),
    "shopify_lines": Case(
        "Name,Financial Status,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount",
        ("#1001,paid,1,Pu-erh,60.00,P,0", "#1001,,2,Green,20.00,G,1.5", "#1001,,2,Green,20.00,G,1.5"),
        {"P": {"quantity": 1, "unit_price": 60}, "G": {"quantity": 2, "merchant_discount_amount": Decimal("1.5")}},
        by="product_id",
    ),
    "sycm_shop_day": Case(
        "统计日期,访客数,浏览量,跳失率,加购人数,商品收藏人数,下单买家数,支付买家数,支付金额",
        ('2024-06-18,"12,345",5.6万,45.32%,321,12,99,90,"1,234,567.89"', "2024-06-19,1,1,-,0,0,0,0,0"),
        {
            "2024-06-18": {"visitors": 12345, "page_views": 56000, "bounce_rate": 0.4532,
                           "paid_amount": Decimal("1234567.89"), "product_id": "", "platform": "tmall"},
            "2024-06-19": {"bounce_rate": None},
        },
        by="traffic_on",
    ),
    "sycm_item_day": Case(
        "统计日期,商品ID,商品名称,商品访客数,商品浏览量,详情页跳出率,商品收藏人数,商品加购人数,下单买家数,支付买家数,支付金额",
        ("2024-06-18,610000000001,普洱,100,250,50.00%,3,9,5,4,400.00",),
        {"610000000001": {"visitors": 100, "bounce_rate": 0.5, "cart_visitors": 9, "paid_amount": 400}},
        by="product_id",
    ),
    "wanxiang_spend": Case(
        "日期,场景ID,场景名字,计划ID,计划名字,主体ID,主体类型,主体名称,展现量,点击量,花费,点击率,总成交金额,总成交笔数,成交新客数",
        ("2024-06-18,1,关键词推广,5001,春茶,61,商品,普洱,10000,120,98.76,1.2%,500.5,5,3",
         "合计,,,,,,,,10000,120,98.76,1.2%,500.5,5,3"),
        {"5001": {"ad_id": "61", "spend_amount": Decimal("98.76"), "clicks": 120, "claimed_new_customers": 3,
                  "segment": "关键词推广", "report_level": "product"}},
        by="campaign_id",
        encoding="gb18030",
        quarantined=1,
    ),
    "qianchuan_spend": Case(
        "日期,计划ID,计划名称,消耗(元),展示次数,点击次数,成交订单数,成交订单金额(元)",
        ('2024-06-18,1790000000000001,直播间,"1,000.50",20000,300,10,2000.00',),
        {"1790000000000001": {"spend_amount": Decimal("1000.5"), "impressions": 20000, "claimed_amount": 2000}},
        by="campaign_id",
    ),
    "oceanengine_spend": Case(
        "时间-天,项目ID,单元ID,素材ID,消耗,展示数,平均千次展现费用(元),点击数,点击率%,转化数",
        ("2024-06-18,11,22,33,55.5,1000,55.5,10,1.00,2",),
        {"11": {"ad_id": "22/33", "spend_amount": Decimal("55.5"), "claimed_conversions": 2, "account_id": "A9"}},
        by="campaign_id",
        changes={"columns": {"account_id": {"const": "A9"}}},
    ),
    "juguang_spend": Case(
        "时间,计划ID,笔记ID,消费,展现量,点击量,点击率,总成交金额",
        ("2024-06-18,7,64a000000000000000000001,12.30,900,30,3.33%,0",),
        {"7": {"ad_id": "64a000000000000000000001", "spend_amount": Decimal("12.3"), "clicks": 30}},
        by="campaign_id",
    ),
    "google_ads_campaign": Case(
        "customer_id,date,ad_network_type,clicks,conversions,conversions_value,cost_micros,device,id,impressions",
        ("2121450128,2021-02-01,SEARCH,49,1.5,30,36150000,MOBILE,9935249409,166",
         "2121450128,2021-02-01,SEARCH,1,0,0,1,DESKTOP,9935249409,9"),
        {"MOBILE/SEARCH": {"spend_amount": Decimal("36.15"), "claimed_conversions": Decimal("1.5")},
         "DESKTOP/SEARCH": {"spend_amount": 0}},
        by="segment",
    ),
    "facebook_ads_ad": Case(
        "Day,Campaign name,Ad name,Amount spent (USD),Impressions,Link clicks,Purchases,Purchases conversion value",
        ("2024-06-18,Spring,Video 1,76.53,4233,10,2,99.9",),
        {"Video 1": {"spend_amount": Decimal("76.53"), "clicks": 10, "claimed_amount": Decimal("99.9")}},
        by="ad_id",
    ),
    "tiktok_campaign": Case(
        "CAMPAIGN_ID,STAT_TIME_HOUR,IMPRESSIONS,CLICKS,SPEND,CONVERSION,TOTAL_PURCHASE_VALUE,COST_PER_RESULT",
        ("1,2021-09-15 5:00:00,22222,22,222.12,0,0.00,-", "1,2021-09-15 6:00:00,22222,22,1.00,0,0.00,-"),
        {"2021-09-15 5:00:00": {"spend_amount": Decimal("222.12"), "spend_on": dt.date(2021, 9, 15)},
         "2021-09-15 6:00:00": {"spend_amount": 1}},
        by="segment",
    ),
}  # fmt: skip


def test_every_profile_has_a_case():
    others = {"wangdiantong_orders"}
    assert {path.stem for path in PROFILES.glob("*.yml")} == set(CASES) | others


@pytest.mark.parametrize("profile", CASES)
def test_profile_lands_its_export(tmp_path, profile):
    case = CASES[profile]
    content = read_yaml(PROFILES / f"{profile}.yml")
    feed = load_contract()[content["feed"]]
    mapping = {"files": "*.csv", "profile": profile, **case.changes}
    shop = LandingShop(tmp_path, {feed.code: [mapping]}, timezone=case.zone)
    shop.put("export.csv", csv_of((case.header,), *[(row,) for row in case.rows]), case.encoding)
    [file] = shop.land().files
    assert (file.status, file.error, file.counts.quarantined) == ("landed", None, case.quarantined)
    rows = {str(row[case.by]): row for row in shop.raw(feed.table, case.by)}
    assert set(rows) == set(case.expected)
    for key, expected in case.expected.items():
        assert {name: rows[key][name] for name in expected} == expected
        assert rows[key]["source_system"] == content["source_system"]


def test_wangdiantong_api_mixes_text_and_epoch_times(tmp_path):
    mapping = {"files": "*.jsonl", "profile": "wangdiantong_orders"}
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    trades = [
        {"trade_no": "JY1", "src_tids": "69,70", "trade_status": 110, "trade_from": 1, "goods_amount": "90.0000",
         "discount": 5, "post_amount": "0", "paid": "85.0000", "trade_time": 1718676000000, "pay_time": "2024-06-18 10:00:09"},
        {"trade_no": "JY2", "trade_status": 55, "trade_from": 6, "trade_time": "2024-06-18 10:00:00"},
    ]  # fmt: skip
    shop.put("a.jsonl", "".join(json.dumps(trade) + "\n" for trade in trades))
    [file] = shop.land().files
    assert (file.counts.accepted, file.error) == (2, None)
    first, second = shop.raw()
    assert (first["status"], first["order_type"], first["paid_amount"]) == (
        "completed",
        "normal",
        85,
    )
    assert first["ordered_at"] == at("2024-06-18 02:00") and first["paid_at"] == at(
        "2024-06-18 02:00:09"
    )
    assert (second["status"], second["order_type"], second["ordered_at"]) == (
        "paid",
        "reissue",
        at("2024-06-18 02:00"),
    )
