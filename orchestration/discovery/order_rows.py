"""Orders and order lines in one table: which columns belong to the order, and which to its lines."""

import duckdb

from orchestration.discovery.candidates import Candidate
from orchestration.discovery.facts import Facts
from orchestration.discovery.feed_match import FeedMatch
from orchestration.discovery.tables import Table
from orchestration.system.sql import ident

_SAME = 0.98
"""The share of orders within which a column must not change to belong to the order."""
_OF_LINES = ("order_id", "quantity", "product_id", "product_name", "unit_price")
_OF_ORDERS = ("order_id", "ordered_at", "paid_at", "status", "customer_id", "crm_customer_id")
"""Columns that an order has even where they differ between its rows: without them there would be no orders."""
_SURE = 0.8


def split(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    orders: FeedMatch | None,
    lines: FeedMatch | None,
) -> list[FeedMatch]:
    """Orders where a row is an order, lines where it is a line, both where a row is a line of an order."""
    if orders is None or lines is None:
        return [match for match in (orders, lines) if match]
    order = orders.columns.get("order_id")
    if order is None or order.facts.distinct == order.facts.filled:
        return [orders, lines] if _names_product(lines) else [orders]
    constant, blank = _constant_within(con, table, order.facts)
    of_order = {n: c for n, c in orders.columns.items() if c.facts.position in constant}
    if not of_order.keys() & {"ordered_at", "paid_at"}:
        of_order |= {n: c for n, c in orders.columns.items() if n in _OF_ORDERS}
    of_line = {
        n: c for n, c in lines.columns.items() if n in _OF_LINES or c.facts.position not in constant
    }
    found = [FeedMatch("erp.order_lines", lines.fit, of_line)]
    if of_order.keys() & {"ordered_at", "paid_at"}:
        blanks = _fill_down(order, of_order, blank)
        found.insert(0, FeedMatch("erp.orders", orders.fit, of_order, blanks))
    return found


def _fill_down(
    order: Candidate, of_order: dict[str, Candidate], blank: set[int]
) -> tuple[str, ...]:
    """Headers of the order that are blank below its first row; none where all rows repeat them."""
    headers = [c.facts.header for c in of_order.values() if c.facts.position in blank]
    return tuple(dict.fromkeys([order.facts.header, *headers])) if headers else ()


def _names_product(lines: FeedMatch) -> bool:
    """Whether an export with one row per order surely names the product and the units of the order."""
    sure = {name for name, one in lines.columns.items() if one.confidence >= _SURE}
    return "quantity" in sure and bool(sure & {"product_id", "product_name"})


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
