"""All that the page shows, as one document of JSON, read from a finished release."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from orchestration.page import attention, blocks, changes, customers, figures
from orchestration.page.blocks import Span
from orchestration.page.promotions import promotions
from orchestration.page.rows import Texts, rows
from orchestration.page.stock import stock


def page_data(
    released: Path, generation: str, released_at: datetime, most_shops: int
) -> dict[str, Any]:
    """The document: the shop, its KPIs and the blocks of the page, with so many shops at most.

    Money is in the currency of the shop, rates are fractions, days are ISO text, `None` is an unknown value.
    """
    with duckdb.connect(str(released), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        [shop] = rows(
            con, "select shop_id, en, zh, timezone, currency, data_until_on from meta.shop"
        )
        until = date.fromisoformat(shop["data_until_on"])
        shops, others = _shops(con, most_shops)
        texts = Texts()
        periods = figures.latest(con, until, shops, texts)
        return {
            "shop": shop,
            "generation": generation,
            "released_at": f"{released_at.astimezone(ZoneInfo(shop['timezone'])):%Y-%m-%d %H:%M}",
            "shops": shops,
            "other_shop_count": others,
            "kpis": figures.definitions(con),
            "cards": figures.CARDS,
            "latest": periods,
            "texts": texts.texts,
            "series": figures.series(con, until, shops),
            "spans": {
                span.period: _span(con, span, shops, texts) for span in blocks.spans(con, until)
            },
            "alerts": attention.alerts(con, until),
            "goals": attention.goals(con, until),
            "risks": attention.risks(con),
            "attribution_models": blocks.attribution_models(con),
            "returns": blocks.returns(con),
            "experiments": blocks.experiments(con),
            "promotions": promotions(con),
            "stock": stock(con),
            "segments": customers.segments(con),
            "cohorts": customers.cohorts(con),
            "customers": customers.customer_map(con),
            "sources": attention.sources(con),
            "festivals": blocks.festivals(con),
            "labels": blocks.labels(con),
        }


def _shops(con: duckdb.DuckDBPyConnection, most: int) -> tuple[list[str], int]:
    """`all` and the shops with figures, those with the most net sales first, and how many are left out."""
    found = [
        row["shop_id"]
        for row in rows(
            con,
            """select shop_id from marts.kpi_values
               where period = 'month' and dimension = 'all' and shop_id <> 'all'
                   and kpi_code in (select unnest($kpis)) and value is not null
               group by shop_id
               order by sum(value) filter (kpi_code = 'net_sales') desc nulls last, shop_id""",
            {"kpis": list(figures.SERIES)},
        )
    ]
    return ["all", *found[:most]], max(len(found) - most, 0)


def _span(
    con: duckdb.DuckDBPyConnection, span: Span, shops: Sequence[str], texts: Texts
) -> dict[str, Any]:
    return {
        "start_on": span.start_on.isoformat(),
        "end_on": span.end_on.isoformat(),
        "changes": changes.changes(con, span, shops, texts),
        "funnel": blocks.funnel(con, span, shops),
        "channels": blocks.channels(con, span),
        "products": blocks.products(con, span, shops),
        "refund_reasons": blocks.refund_reasons(con, span, shops),
    }
