"""Rows with negative units in an export of order lines: returns, which get a mapping of their own."""

from typing import Any

from orchestration.discovery.block import Block
from orchestration.discovery.feed_match import FeedMatch


def split_returns(block: Block, match: FeedMatch, dated: Any = None) -> Block | None:
    """Order lines with negative units: those rows become refunds, in a second mapping of the same file.

    `dated` is the column of the order's time: of a return it is the time of the return.
    """
    quantity = match.columns.get("quantity")
    if block.feed != "erp.order_lines" or not quantity or not quantity.facts.negatives:
        return None
    columns, refund = block.content["columns"], {}
    header = quantity.facts.header
    amount, price = match.columns.get("paid_amount"), match.columns.get("unit_price")
    if not amount and not price:
        return None
    parts = [
        _header(columns[n]) for n in ("order_id", "product_id", "product_name") if n in columns
    ]
    refund["refund_id"] = (
        match.columns["line_id"].facts.header if "line_id" in match.columns else {"hash_of": parts}
    )
    refund |= {name: columns[name] for name in ("order_id", "product_id") if name in columns}
    refund |= {"status": {"const": "success"}, "quantity": {"from": header, "factor": "-1"}}
    shared = {k: v for k, v in block.content.items() if k not in ("columns", "derive")}
    content = {**shared, "where": {header: "< 0"}, "columns": refund}
    if amount:
        refund["refunded_amount"] = {"from": amount.facts.header, "factor": "-1"}
    elif price:
        refund["refunded_amount"] = price.facts.header
        content["derive"] = {"refunded_amount": "quantity * refunded_amount"}
    if dated is not None:
        refund["refunded_at"] = dated
    only_sales(block, header)
    returns = Block("erp.refunds", content)
    returns.doubts.append(f"rows with negative {header} are taken as returns on their own day")
    return returns


def only_sales(block: Block, header: str) -> None:
    """Leave rows of returns to another mapping."""
    columns = {k: block.content.pop(k) for k in ("columns", "derive") if k in block.content}
    block.content |= {"where": {header: ">= 0"}, **columns}


def _header(spec: Any) -> str:
    return spec if isinstance(spec, str) else spec["from"]
