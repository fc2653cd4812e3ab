"""Bills of WeChat Pay and Alipay: a mark in every cell, explanations above, totals below."""

from decimal import Decimal
from typing import Any

from landing_kit import LandingShop

_WECHAT = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
_ALIPAY_ROWS = """#支付宝业务明细查询
#账号：[20885000000000000156]
#起始日期：[2024年01月01日 00:00:00]   终止日期：[2024年02月01日 00:00:00]
#---------------------------------业务明细列表--------------------------------
支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,对方账户,订单金额（元）,服务费（元）,备注
2024010522001412345678901234\t,T001\t,交易\t,茶\t,2024-01-05 10:00:00,2024-01-05 10:00:30,*三(138******00)\t,30.00,-0.18,\t
2024010522001412345678901235\t,T002\t,交易\t,茶\t,2024-01-06 10:00:00,2024-01-06 10:00:30,*四(138******01)\t,12.50,-0.08,\t
#-------------------------------业务明细列表结束------------------------------
#交易合计：2笔，商家实收共42.50元，商家优惠共0.00元
#导出时间：[2024年02月02日 10:00:00]
"""
_ALIPAY_OLD = """支付宝交易记录明细查询
账号:[owner]
起始日期:[2024-01-01 00:00:00]    终止日期:[2024-02-01 00:00:00]
---------------------------------交易记录明细列表------------------------------------
交易号                  ,商家订单号               ,交易创建时间              ,商品名称    ,金额（元）   ,交易状态    ,
2024010522001412345678901234\t,T001                    \t,2024-01-05 10:00:00 ,茶          ,30.00   ,交易成功    ,
------------------------------------------------------------------------------------
共1笔记录
已收入:1笔,30.00元
导出时间:[2024-02-02 10:00:00]    用户:店
"""
_PERSONAL = """微信支付账单明细,,,,,,,,,,
微信昵称：[店],,,,,,,,,,
起始时间：[2024-01-01 00:00:00] 终止时间：[2024-02-01 00:00:00],,,,,,,,,,
,,,,,,,,,,
共2笔记录,,,,,,,,,,
收入：1笔 30.00元,,,,,,,,,,
注：,,,,,,,,,,
1. 充值/提现等交易，将计入中性交易,,,,,,,,,,
----------------------微信支付账单明细列表--------------------,,,,,,,,,,
交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注
2024-01-05 10:00:00,商户消费,店,"茶",收入,¥30.00,/,已收钱,"100004990124010500001234567890\t","T001\t","/"
2024-01-06 11:00:00,商户消费,店,"茶",收入,¥12.50,/,已收钱,"100004990124010500001234567891\t","T002\t","/"
"""


def _mapping(status: dict[str, Any], **columns: str) -> dict[str, Any]:
    platform = {"platform": {"const": "own"}, "status": status}
    return {"files": "bill*", "source_system": "pay", "columns": {**platform, **columns}}


def _landed(shop: LandingShop, name: str, content: bytes) -> list[tuple[Any, ...]]:
    """Order, platform order and money; every row that is no record is known as such."""
    shop.put(name, content)
    [file] = shop.land().files
    assert (file.status, file.error) == ("landed", None)
    assert {reason.reason_code for reason in file.reasons} <= {"total_row", "note_row"}
    return shop.query(
        "select order_id, platform_order_id, paid_amount from raw.erp_orders order by 1"
    )


def test_a_bill_of_wechat_pay_has_a_backtick_before_each_cell(tmp_path):
    status = {"from": "交易状态", "map": {"SUCCESS": "completed"}}
    mapping = _mapping(
        status,
        order_id="商户订单号",
        platform_order_id="微信订单号",
        ordered_at="交易时间",
        paid_amount="订单金额",
        platform_buyer_id="用户标识",
    )
    rows = [_WECHAT]
    for number, money in (("T001", "30.00"), ("T002", "12.50")):
        cells = f"2024-01-05 10:00:00|wx8|190|0||42000012342024010512345678{number[1:]}|{number}|oUp|JSAPI|SUCCESS"
        cells += f"|OTHERS|CNY|{money}|0.00|0|0|0.00|0.00|||茶||0.18000|0.60%|{money}|0.00|"
        rows.append(",".join(f"`{cell}" for cell in cells.split("|")))
    rows += [
        "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
    ]
    rows += ["`2,`42.50,`0.00,`0.00,`0.36000,`42.50,`0.00", ""]
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    assert _landed(shop, "bill.csv", "\r\n".join(["\ufeff" + rows[0], *rows[1:]]).encode()) == [
        ("T001", "42000012342024010512345678001", Decimal(30)),
        ("T002", "42000012342024010512345678002", Decimal("12.5")),
    ]


def test_a_bill_of_alipay_has_a_tab_after_each_cell(tmp_path):
    mapping = _mapping(
        {"from": "业务类型", "map": {"交易": "completed"}},
        order_id="商户订单号",
        platform_order_id="支付宝交易号",
        ordered_at="创建时间",
        paid_amount="订单金额",
    )
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    content = _ALIPAY_ROWS.replace("\n", "\r\n").encode("gb18030")
    assert _landed(shop, "bill.csv", content) == [
        ("T001", "2024010522001412345678901234", Decimal(30)),
        ("T002", "2024010522001412345678901235", Decimal("12.5")),
    ]


def test_an_older_bill_of_alipay_pads_its_cells_with_blanks(tmp_path):
    mapping = _mapping(
        {"from": "交易状态", "map": {"交易成功": "completed"}},
        order_id="商家订单号",
        platform_order_id="交易号",
        ordered_at="交易创建时间",
        paid_amount="金额",
    )
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    content = _ALIPAY_OLD.replace("\n", "\r\n").encode("gb18030")
    assert _landed(shop, "bill.csv", content) == [
        ("T001", "2024010522001412345678901234", Decimal(30))
    ]


def test_a_bill_of_a_wechat_account_begins_with_explanations(tmp_path):
    mapping = _mapping(
        {"from": "当前状态", "map": {"已收钱": "completed"}},
        order_id="商户单号",
        platform_order_id="交易单号",
        ordered_at="交易时间",
        paid_amount="金额",
    )
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    assert _landed(shop, "bill.csv", _PERSONAL.encode("utf-8-sig")) == [
        ("T001", "100004990124010500001234567890", Decimal(30)),
        ("T002", "100004990124010500001234567891", Decimal("12.5")),
    ]
