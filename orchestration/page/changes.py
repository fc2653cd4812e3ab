"""Why net sales moved: the parts of the change of each shop."""

from collections.abc import Sequence
from typing import Any

import duckdb

from orchestration.page.blocks import Span
from orchestration.page.rows import Texts, rows

_PARTS = 9


def changes(
    con: duckdb.DuckDBPyConnection, span: Span, shops: Sequence[str], texts: Texts
) -> dict[str, dict[str, Any]]:
    """Why net sales of the span moved: by comparison and shop the change, and its parts by breakdown.

    A part that is 0 in both periods is left out.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in rows(
        con,
        """select compared_with, shop_id, earlier_start_on, earlier_end_on, breakdown, part, part_en,
               part_zh, level_unit as unit, before_level as before, after_level as after,
               contribution_amount as amount
           from marts.net_sales_changes
           where period = $period and period_start_on = $start and shop_id in (select unnest($shops))
           order by compared_with, shop_id, breakdown, abs(contribution_amount) desc, part""",
        {"period": span.period, "start": span.start_on, "shops": list(shops)},
    ):
        by_shop = found.setdefault(row.pop("compared_with"), {})
        shop, breakdown = row.pop("shop_id"), row.pop("breakdown")
        bounds = {name: row.pop(name) for name in ("earlier_start_on", "earlier_end_on")}
        change = by_shop.setdefault(shop, {**bounds, "parts": {}})
        row["name"] = texts.number(row.pop("part_zh"), row.pop("part_en"))
        parts = change["parts"].setdefault(breakdown, [])
        if row["amount"] or row["before"] or row["after"]:
            # Only drivers and buyers are drawn in an order of their own.
            parts.append(row if breakdown in ("drivers", "buyers") else {**row, "part": ""})
    for by_shop in found.values():
        for change in by_shop.values():
            change["change"] = round(sum(part["amount"] for part in change["parts"]["drivers"]), 4)
            change["parts"] = {name: _largest(parts) for name, parts in change["parts"].items()}
    return found


def _largest(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The largest parts, and one for the sum of the others."""
    for part in parts:
        part |= {level: _short(part[level]) for level in ("before", "after")}
    rest = parts[_PARTS - 1 :] if len(parts) > _PARTS else []
    if not rest:
        return parts
    amount = round(sum(part["amount"] for part in rest), 4)
    return [*parts[: _PARTS - 1], {"part": None, "count": len(rest), "amount": amount}]


def _short(level: float | None) -> float | None:
    return None if level is None else float(f"{level:.6g}")
