"""KPI figures of the page: the last periods with what they are compared with, and the series of the charts."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import duckdb

from orchestration.page.rows import PERIODS, Texts, rows

CARDS = (
    "net_sales", "gmv_pay", "buyers", "aov_buyer",
    "pay_cvr", "new_customers", "refund_rate", "ad_cost_ratio",
)  # fmt: skip
"""The KPIs of the cards, in their order."""
SERIES = (*CARDS, "orders", "visitors", "ad_spend", "discount_rate", "rep_rate_user")
"""The KPIs of the trend and of the table of shops. Margins are left out: not every reader may see them."""
# Periods of the charts, and how many periods lie between one and the same a year before: days and weeks by weekday.
_SHOWN = {"day": (60, 364), "week": (53, 52), "month": (18, 12)}

_LATEST = """
    with ends as (
        select period, max(period_start_on) filter (period_end_on <= $until) as complete_on,
            max(period_start_on) filter (period_end_on > $until) as running_on
        from marts.kpi_values where dimension = 'all' group by period
    )
    select figures.period_start_on = ends.running_on as is_running, figures.kpi_code, figures.shop_id,
        figures.period, figures.period_start_on as start_on, figures.period_end_on as end_on, figures.value,
        figures.coverage, figures.coverage_zh, figures.is_final, figures.evidence,
        case when figures.partial_shop_ids is not null then figures.shop_ids end as covered_shop_ids,
        compared.previous_start_on, compared.previous_end_on, compared.previous_value,
        compared.year_ago_start_on, compared.year_ago_end_on, compared.year_ago_value,
        compared.festival, compared.festival_twin_on, compared.festival_twin_value
    from marts.kpi_values as figures
    inner join ends
        on figures.period = ends.period and figures.period_start_on in (ends.complete_on, ends.running_on)
    left join marts.kpi_comparisons as compared
        on figures.kpi_code = compared.kpi_code and figures.period = compared.period
            and figures.period_start_on = compared.period_start_on and figures.shop_id = compared.shop_id
            and compared.dimension = 'all'
    where figures.dimension = 'all' and figures.kpi_code in (select unnest($kpis))
        and figures.shop_id in (select unnest($shops))
    order by all
"""
_SERIES = """
    select kpi_code, shop_id, period, period_start_on as start_on, value
    from marts.kpi_values
    where dimension = 'all' and period_end_on <= $until and kpi_code in (select unnest($kpis))
        and shop_id in (select unnest($shops))
    order by all
"""


def latest(
    con: duckdb.DuckDBPyConnection, until: date, shops: Sequence[str], texts: Texts
) -> dict[str, Any]:
    """The last complete period and the running one: figures by period, shop and KPI."""
    found: dict[str, Any] = {
        kind: {period: defaultdict(dict) for period in PERIODS} for kind in ("complete", "running")
    }
    given = {"until": until, "kpis": list(SERIES), "shops": list(shops)}
    for row in rows(con, _LATEST, given):
        period, shop, kpi = row.pop("period"), row.pop("shop_id"), row.pop("kpi_code")
        kind = "running" if row.pop("is_running") else "complete"
        zh, en = row.pop("coverage_zh"), row.pop("coverage")
        figure = {name: value for name, value in row.items() if value is not None}
        if en != "ok":
            figure["reason"] = texts.number(zh, en)
        found[kind][period][shop][kpi] = figure
    return found


def series(con: duckdb.DuckDBPyConnection, until: date, shops: Sequence[str]) -> dict[str, Any]:
    """The course of a KPI by KPI, shop and period: the last values and those a year before; None is no value."""
    given = {"until": until, "kpis": list(SERIES), "shops": list(shops)}
    found: dict[tuple[str, str, str], dict[date, Any]] = defaultdict(dict)
    for row in rows(con, _SERIES, given):
        place = (row["kpi_code"], row["shop_id"], row["period"])
        found[place][date.fromisoformat(row["start_on"])] = row["value"]
    data: dict[str, Any] = defaultdict(lambda: defaultdict(dict))
    for (kpi, shop, period), values in found.items():
        length, year = _SHOWN[period]
        days = _steps(min(values), max(values), period)
        course = [values.get(day) for day in days]
        shown = course[-length:]
        before = [None] * max(year + len(shown) - len(course), 0) + course[
            -year - len(shown) : -year
        ]
        if any(value is not None for value in shown):
            data[kpi][shop][period] = {
                "start_on": days[-len(shown)].isoformat(),
                "values": shown,
                "before": before[: len(shown)],
            }
    return data


def _steps(first: date, last: date, period: str) -> list[date]:
    """The first days of all periods from one to the other."""
    days = [first]
    while days[-1] < last:
        day = days[-1]
        if period == "month":
            days.append((day.replace(day=1) + timedelta(days=32)).replace(day=1))
        else:
            days.append(day + timedelta(days=1 if period == "day" else 7))
    return days


def definitions(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Every KPI of the catalogue by code: names, definition, formula, unit and direction."""
    found = rows(
        con,
        """select kpi_code, kpi_group, en, zh, description_en, description_zh, formula, unit, direction,
               settle_days, owner, contains(';' || dimensions || ';', ';shop;') as is_by_shop
           from meta.kpi_catalogue order by kpi_group, kpi_code""",
    )
    return {row.pop("kpi_code"): row for row in found}
