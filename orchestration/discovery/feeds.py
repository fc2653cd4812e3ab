"""Which feeds of the contract a table is: by the columns that are found and how ids repeat.

A table with several rows per order can be orders and order lines at once: columns that do not
change within an order belong to the order.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.config.contract import load_contract
from orchestration.discovery import candidates
from orchestration.discovery.candidates import Candidate
from orchestration.discovery.facts import Facts
from orchestration.discovery.names import Header, headers_of, words_of
from orchestration.discovery.tables import Table
from orchestration.system.sql import ident

FILE_DATE = r"(20\d{2}[-_.]?\d{2}[-_.]?\d{2})"
"""A date in the name of a file."""
_SURE = 0.5
"""The confidence that a needed column must have."""
_CLEAR, _VAGUE = 0.75, 0.6
"""The confidence of a column that says what the table is, alone and beside a clear key."""
LEAST = 0.3
"""The fit below which a table is no feed."""
_SAME = 0.98
"""The share of orders within which a column must not change to belong to the order."""


@dataclass(frozen=True)
class FeedMatch:
    """A feed that a table can be, with the header for each column found."""

    feed: str
    fit: float
    columns: dict[str, Candidate]
    fill_down: tuple[str, ...] = field(default=())


@cache
def shapes() -> dict[str, dict[str, Any]]:
    """The content of shapes.yml."""
    found = yaml.safe_load((Path(__file__).parent / "shapes.yml").read_text(encoding="utf-8"))
    return {code: shape for code, shape in found.items() if code in load_contract()}


def matches(
    con: duckdb.DuckDBPyConnection, table: Table, facts: Sequence[Facts]
) -> list[FeedMatch]:
    """The feeds that a table is, the best first: one, or orders with their lines; none for other tables."""
    headers = headers_of(table.headers)
    ranked = sorted(
        (m for code in shapes() if (m := _match(code, table, headers, facts))),
        key=lambda match: -match.fit,
    )
    if not ranked or ranked[0].fit < LEAST:
        return []
    both = {m.feed: m for m in ranked if m.feed in ("erp.orders", "erp.order_lines")}
    if ranked[0].feed in both:
        return _orders_and_lines(con, table, both) or ranked[:1]
    return ranked[:1]


def _match(
    code: str, table: Table, headers: Sequence[Header], facts: Sequence[Facts]
) -> FeedMatch | None:
    shape, feed = shapes()[code], load_contract()[code]
    about = set(words_of(re.sub(r"[0-9]+", " ", Path(table.file).stem)))
    about |= {
        word for header in headers if header.bare != header.words for word in header.words[:1]
    }
    context = sorted(about & set(shape["about"]))
    found = candidates.assigned(feed, headers, facts, bool(context))

    def best(columns: Sequence[str]) -> float:
        return max((found[c].confidence for c in columns if c in found), default=0.0)

    needs = [best(group) for group in shape["needs"]]
    if min(needs) < _SURE and context and "needs_if_about" in shape:
        needs = [best(group) for group in shape["needs_if_about"]]
    if min(needs) < _SURE and "else_needs" in shape:
        needs = [0.8 * best(group) for group in shape["else_needs"]]
    says = best(shape["says"])
    if min(needs) < shape.get("sure", _SURE) or says < (_VAGUE if max(needs) >= _CLEAR else _CLEAR):
        return None
    dated = [name for name, fill in shape.get("fills", {}).items() if "file_date" in fill]
    if any(name not in found for name in dated) and not re.search(FILE_DATE, table.file):
        return None
    others = sum(_names_other(headers, facts, c) for c in shape.get("not", ()))
    if others >= 2 or any(_names_other(headers, facts, c) for c in shape.get("never", ())):
        return None
    fit = sum(needs) / len(needs) * (0.25 + 0.75 * candidates.explained(found, facts))
    return FeedMatch(code, round(fit * (1.15 if context else 1.0) * (1 - 0.2 * others), 3), found)


def _names_other(headers: Sequence[Header], facts: Sequence[Facts], column: str) -> bool:
    """Whether a header surely names a column of another feed."""
    for code, feed in load_contract().items():
        if column in feed.columns and code in shapes():
            for header, fact in zip(headers, facts, strict=True):
                if (
                    fact.filled
                    and candidates.confidence(feed, feed.columns[column], header, fact, False)
                    >= 0.9
                ):
                    return True
    return False


def _orders_and_lines(
    con: duckdb.DuckDBPyConnection, table: Table, found: Mapping[str, FeedMatch]
) -> list[FeedMatch]:
    """Orders where a row is an order, lines where it is a line, both where order columns repeat."""
    orders, lines = found.get("erp.orders"), found.get("erp.order_lines")
    known = orders or lines
    if known is None or "order_id" not in known.columns:
        return [known] if known else []
    order = known.columns["order_id"].facts
    repeats = order.filled and order.distinct < order.filled
    if (orders and lines is None) or (not repeats and orders):
        # A line's columns of an order with one row: product and quantity are kept as lines, too.
        return [orders] if lines is None or not _has_own_lines(orders, lines) else [orders, lines]
    if lines and (orders is None or not repeats):
        return [lines] if orders is None else [orders, lines]
    if orders is None or lines is None:
        return []
    constant, blank = _constant_within(con, table, order)
    of_order = {
        n: c for n, c in orders.columns.items() if c.facts.position in constant or n == "order_id"
    }
    of_line = {
        n: c
        for n, c in lines.columns.items()
        if n in ("order_id", "quantity", "product_id", "product_name", "unit_price")
        or c.facts.position not in constant
    }
    fill_down = tuple(
        dict.fromkeys(
            [
                order.header,
                *(c.facts.header for c in of_order.values() if c.facts.position in blank),
            ]
        )
    )
    if not of_order.keys() & {"ordered_at", "paid_at"}:
        # The time differs within orders; without one there would be no orders at all.
        of_order |= {
            n: c for n, c in orders.columns.items() if n in ("ordered_at", "paid_at", "status")
        }
        of_order |= {
            n: c for n, c in orders.columns.items() if n in ("customer_id", "crm_customer_id")
        }
    kept = [FeedMatch("erp.order_lines", lines.fit, of_line)]
    if "ordered_at" in of_order or "paid_at" in of_order:
        kept.insert(
            0,
            FeedMatch("erp.orders", orders.fit, of_order, fill_down if len(fill_down) > 1 else ()),
        )
    return kept


def _has_own_lines(orders: FeedMatch, lines: FeedMatch) -> bool:
    """Whether an export with one row per order names the product and the units of the order."""
    return all(lines.columns[c].confidence >= 0.8 for c in ("quantity",)) and any(
        c in lines.columns and lines.columns[c].confidence >= 0.8
        for c in ("product_id", "product_name")
    )


def _constant_within(
    con: duckdb.DuckDBPyConnection, table: Table, order: Facts
) -> tuple[set[int], set[int]]:
    """Columns that do not change within an order, and those that are blank on its further rows."""
    places = [i for i in range(len(table.headers)) if i != order.position]
    changes = ", ".join(f"avg(case when count_{i} <= 1 then 1.0 else 0.0 end)" for i in places)
    holes = ", ".join(
        f"avg(case when filled_{i} = 1 and size > 1 then 1.0 when size > 1 then 0.0 end)"
        for i in places
    )
    counts = ", ".join(
        f"count(distinct c{i}) as count_{i}, count(c{i}) as filled_{i}" for i in places
    )
    [found] = con.execute(
        f"select {changes}, {holes} from (select count(*) as size, {counts} from {ident(table.relation)} "
        f"where c{order.position} is not null group by c{order.position} having count(*) > 1)"
    ).fetchall()
    half = len(places)
    constant = {i for i, share in zip(places, found[:half], strict=True) if (share or 0) >= _SAME}
    blank = {i for i, share in zip(places, found[half:], strict=True) if (share or 0) >= 0.9}
    return constant | {order.position}, blank & constant
