"""The defects that the demo injects on purpose, and the check that is meant to catch each of them.

A defect is declared here and woven into its export by `exports.py`; `verdict.py` looks for it in
the warehouse afterwards. Defects that are part of the world (shared phones) are noted at the end.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Defect:
    """One kind of defect in one export.

    mode `ghost` adds a row that never was a sale, `copy` repeats a row, `before` puts an outdated
    version above a row, `edit` changes the row itself, `note` marks a row that is bad as it is.
    `column` is the contract's name of the column at fault; `where` narrows the rows to choose from;
    `cents` is the money by which the row is wrong and that reaches the marts, as SQL.
    """

    kind: str
    mode: str
    catcher: str
    column: str = ""
    edits: dict[str, str] = field(default_factory=dict)
    detail: str = ""
    where: str = "not again"
    torn: bool = False
    cents: str = "null"


def count_of_each(customers: int) -> int:
    """How many of each kind: three in a small shop, growing slowly."""
    return max(3, round(3 * (customers / 2000) ** 0.3))


_ORDER = {"订单编号": "replace(\"订单编号\", 'JY', 'JX')"}
_LINE = {"子单编号": "\"子单编号\" || 'X'"}
_REFUND = {"退款编号": "replace(\"退款编号\", 'TK', 'TX')"}
_OLD = {"实付金额": "'¥1.00'", "最后修改时间": '"下单时间"'}
_BAD_MONEY = "'12,3a.5'"
_NO_DAY = "'2026-02-30 10:11:12'"

DEFECTS: dict[str, tuple[Defect, ...]] = {
    "erp_orders": (
        Defect("exact_duplicate", "copy", "ledger:unchanged"),
        Defect("conflicting_duplicate", "before", "ledger:replaced", "paid_amount", _OLD),
        Defect(
            "reexported_row", "edit", "history:replaced", "paid_amount",
            {**_OLD, "订单状态": "'卖家已发货，等待买家确认'", "完成时间": "null"}, where="again",
        ),
        Defect(
            "late_row", "edit", "marts:own_day", "ordered_at",
            {"_file": "'erp/订单_' || strftime(_day + interval 1 month, '%Y-%m') || '.csv'"},
        ),
        Defect("bad_date", "ghost", "quarantine:not_a_date", "ordered_at",
               {**_ORDER, "下单时间": _NO_DAY}),
        Defect("zero_date", "ghost", "quarantine:missing_required|not_a_date", "ordered_at",
               {**_ORDER, "下单时间": "'0000-00-00 00:00:00'"}),
        Defect("wrong_money", "ghost", "quarantine:not_a_number", "paid_amount",
               {**_ORDER, "实付金额": _BAD_MONEY}),
        Defect("scientific_id", "ghost", "quarantine:scientific_id", "platform_order_id",
               {**_ORDER, "平台单号": "'2.50623E+14'"}),
        Defect("missing_id", "ghost", "quarantine:missing_required", "order_id",
               {"订单编号": "null"}),
        Defect("unknown_word", "ghost", "quarantine:unknown_value", "status",
               {**_ORDER, "订单状态": "'薛定谔的订单'"}),
        Defect("ragged_row", "ghost", "quarantine:ragged_row", "", _ORDER, torn=True),
        Defect("money_gap", "edit", "flag:money_gap", "paid_amount",
               {"实付金额": "'¥' || thousands(_paid + 500)"}, cents="500",
               detail="header above the sum of its lines"),
        Defect("virtual_phone", "note", "identity:virtual", "phone", where="platform = 'pdd'"),
    ),
    "erp_order_lines": (
        Defect("exact_duplicate", "copy", "ledger:unchanged"),
        Defect("conflicting_duplicate", "before", "ledger:replaced", "paid_amount",
               {"分摊后金额": "'0.01'", "最后修改时间": "'2025-01-01 00:00:00'"}),
        Defect("negative_quantity", "ghost", "quarantine:out_of_range", "quantity",
               {**_LINE, "数量": "'-2'"}),
        Defect("wrong_money", "ghost", "quarantine:not_a_number", "paid_amount",
               {**_LINE, "分摊后金额": _BAD_MONEY}),
        Defect("missing_id", "ghost", "quarantine:missing_required", "order_id",
               {**_LINE, "订单编号": "null"}),
        Defect("ragged_row", "ghost", "quarantine:ragged_row", "", _LINE, torn=True),
        Defect("orphan_line", "ghost", "orphan:line_without_order", "order_id",
               {k: f"replace(\"{k}\", 'JY', 'JZ')" for k in ("订单编号", "子单编号", "_id")}),
    ),
    "erp_refunds": (
        Defect("refund_over_paid", "edit", "flag:refund_over_paid", "refunded_amount",
               {"退款金额": "thousands(_paid + 6600)"}, cents="_paid + 6600 - _refunded",
               detail="66.00 more than was paid"),
        Defect("refund_unknown_order", "ghost", "orphan:refund_without_order", "order_id",
               {**_REFUND, "订单编号": "replace(\"订单编号\", 'JY', 'JZ')", "子单编号": "null",
                "_id": "replace(_id, 'TK', 'TX')"}),
        Defect("bad_date", "ghost", "quarantine:not_a_date", "refunded_at",
               {**_REFUND, "退款完成时间": _NO_DAY}),
        Defect("wrong_money", "ghost", "quarantine:not_a_number", "refunded_amount",
               {**_REFUND, "退款金额": _BAD_MONEY}),
        Defect("unknown_word", "ghost", "quarantine:unknown_value", "status",
               {**_REFUND, "退款状态": "'也许退了'"}),
    ),
    "erp_customers": (Defect("exact_duplicate", "copy", "ledger:unchanged"),),
    "jd_orders": (
        Defect("scientific_id", "ghost", "quarantine:scientific_id", "order_id",
               {"订单号": "'3.05E+11'"}),
    ),
    "douyin_orders": (
        Defect("wrong_money", "ghost", "quarantine:not_a_number", "paid_amount",
               {"子订单编号": "\"子订单编号\" || '9'", "订单应付金额": _BAD_MONEY}),
    ),
    "crm_customers": (
        Defect("exact_duplicate", "copy", "ledger:unchanged"),
        Defect("missing_id", "ghost", "quarantine:missing_required", "customer_id",
               {"客户编号": "null"}),
        Defect("bad_date", "ghost", "quarantine:not_a_date", "registered_at",
               {"客户编号": "\"客户编号\" || 'X'", "注册时间": _NO_DAY}),
    ),
    "crm_identifiers": (
        Defect("missing_id", "ghost", "quarantine:missing_required", "id_value",
               {"id_value": "null"}),
    ),
    "crm_interactions": (
        Defect("out_of_range", "ghost", "quarantine:out_of_range", "satisfaction_score",
               {"工单号": "\"工单号\" || 'X'", "满意度": "'9'"}),
        Defect("zero_date", "ghost", "quarantine:missing_required|not_a_date", "opened_at",
               {"工单号": "\"工单号\" || 'X'", "创建时间": "'0000-00-00 00:00:00'"}),
    ),
    "ads_qianchuan": (
        Defect("wrong_money", "ghost", "quarantine:not_a_number", "spend_amount",
               {"计划ID": "\"计划ID\" || '99'", "消耗(元)": _BAD_MONEY}),
        Defect("negative_spend", "ghost", "quarantine:out_of_range", "spend_amount",
               {"计划ID": "\"计划ID\" || '98'", "消耗(元)": "'-3.00'"}),
    ),
}  # fmt: skip

# name of the select, column with the money: exports that end with a line of totals
TOTALS = {
    "erp_refunds": "退款金额", "ads_wanxiang": "花费", "ads_wanxiang_ads": "花费",
    "ads_qianchuan": "消耗(元)",
}  # fmt: skip

EVENT_DEFECTS = (
    Defect("future_event", "ghost", "files:warning", "event_at",
           {"event_at": "event_at + interval 60 year"}),
    Defect("unknown_word", "ghost", "quarantine:unknown_value", "event_name",
           {"event_name": "'page_veiw'"}),
    Defect("missing_id", "ghost", "quarantine:missing_required", "visitor_id",
           {"visitor_id": "null"}),
)  # fmt: skip

LEDGER = """
create table wrote (feed varchar, source_system varchar, file_name varchar, rows bigint);
create table defects (
    kind varchar, feed varchar, source_system varchar, shop_id varchar, file_name varchar,
    row_number bigint, key varchar, column_name varchar, expected_catcher varchar, detail varchar,
    amount decimal(18, 2)
);
"""
