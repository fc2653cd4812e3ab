"""Required columns that an export has no header for, and rates that stand where amounts are expected."""

from typing import Any

from orchestration.discovery import value_words
from orchestration.discovery.block import Block
from orchestration.discovery.feed_match import FeedMatch
from orchestration.discovery.feeds import FILE_DATE, shapes


def fill(match: FeedMatch, block: Block) -> None:
    """Required columns without a header get what the feed's shape says."""
    for name, rule in shapes().get(match.feed, {}).get("fills", {}).items():
        if name not in block.columns:
            _by_rule(name, rule, match, block)
    if match.feed == "erp.orders":
        _refund_status(match, block)
        _order_times(block.columns, block)
        block.columns.setdefault("platform", {"const": "own"})


def _by_rule(name: str, rule: dict[str, Any], match: FeedMatch, block: Block) -> None:
    columns, found = block.columns, match.columns
    if "const" in rule:
        columns[name] = {"const": rule["const"]}
        said = f"the export does not say it; every row is taken as {rule['const']}"
    elif "hash_of" in rule:
        parts = [found[part].facts.header for part in rule["hash_of"] if part in found]
        columns[name] = {"hash_of": parts}
        said = f"the export has no such id; it is made of {', '.join(parts)}"
    elif "same_as" in rule:
        columns[name] = found[rule["same_as"]].facts.header
        said = f"taken from {columns[name]}, as the export has no other"
    elif "file_date" in rule:
        columns[name] = {"file_name": FILE_DATE}
        said = "the export has no date; it is taken from the name of the file"
    elif "level" in rule:
        level = next((part for part in rule["level"] if part in found), "account_id")
        columns[name] = {"const": level.removesuffix("_id")}
        return
    else:
        part = next(part for part in rule["of"] if part in found)
        columns[name] = {"from": found[part].facts.header, "number_repeats": "true"}
        return
    block.doubts.append(f"{name}: {said}")


def _refund_status(match: FeedMatch, block: Block) -> None:
    """An order whose status says that it was returned."""
    status = match.columns.get("status")
    words = value_words.returned(status.facts.words) if status else {}
    if status and words and "refund_status" not in block.columns:
        block.columns["refund_status"] = {"from": status.facts.header, "map": words, "else": "null"}
        block.doubts.append(
            "refund_status: orders whose status says returned are taken as refunded in full"
        )


def _order_times(columns: dict[str, Any], block: Block) -> None:
    """An order export with one time: the order was placed and paid then, unless a status says otherwise."""
    if "ordered_at" not in columns:
        columns["ordered_at"] = columns["paid_at"]
        block.doubts.append("ordered_at: the export has only the time of payment")
    if "paid_at" not in columns and columns.get("status") == {"const": "completed"}:
        columns["paid_at"] = columns["ordered_at"]
        block.doubts.append(
            "paid_at: the export has no time of payment; the time of the order is taken"
        )


def rates_to_amounts(match: FeedMatch, block: Block) -> None:
    """A discount between 0 and 1 beside larger prices is a rate."""
    found = match.columns
    discount = found.get("merchant_discount_amount")
    price = found.get("unit_price")
    if match.feed != "erp.order_lines" or not discount or "quantity" not in found:
        return
    money = price or found.get("paid_amount")
    if money and 0 < float(discount.facts.high or 0) < 1 < float(money.facts.high or 0):
        sql = "quantity * unit_price * merchant_discount_amount"
        if not price:
            sql = "paid_amount / (1 - merchant_discount_amount) * merchant_discount_amount"
        block.content["derive"] = {"merchant_discount_amount": sql}
        block.doubts.append(
            "merchant_discount_amount: values from 0 to 1 are taken as a rate of the price"
        )
