"""The figures of a digest: chosen KPIs of all shops in one period, with what each covers and how it changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

KPIS = (
    "net_sales", "gmv_pay", "buyers", "aov_buyer", "pay_cvr", "new_customers", "refund_rate",
    "ad_cost_ratio",
)  # fmt: skip
_NO_ROW = ("not in this release", "此发布中没有该指标")

_FIGURES = """
select catalogue.kpi_code, catalogue.en, catalogue.zh, catalogue.unit, catalogue.direction,
    figures.value, figures.coverage, figures.coverage_zh, figures.shop_ids,
    coalesce(figures.is_complete, false) as is_complete, coalesce(figures.is_final, false) as is_final,
    figures.period_end_on, compared.previous_start_on, compared.previous_change,
    compared.previous_points, compared.year_ago_start_on, compared.year_ago_change,
    compared.year_ago_points, compared.festival, compared.festival_twin_on,
    compared.festival_change, compared.festival_points
from meta.kpi_catalogue as catalogue
left join marts.kpi_values as figures
    on figures.kpi_code = catalogue.kpi_code and figures.period = $period
        and figures.period_start_on = $start_on
        and figures.shop_id = 'all' and figures.dimension = 'all'
left join marts.kpi_comparisons as compared
    on compared.kpi_code = catalogue.kpi_code and compared.period = $period
        and compared.period_start_on = $start_on
        and compared.shop_id = 'all' and compared.dimension = 'all'
where list_contains($codes, catalogue.kpi_code)"""
_SHOPS = """
select shop_id from meta.shops
where has_orders or has_ad_reports or has_visits order by shop_id"""


@dataclass(frozen=True)
class Figure:
    """A KPI of all shops. Changes are a share of the earlier figure, of rates a difference in points.

    `gap` is the reason of a missing value. `left_out` are shops with data that the figure does not cover.
    """

    kpi_code: str
    en: str
    zh: str
    unit: str
    direction: str
    value: float | None
    gap_en: str | None
    gap_zh: str | None
    previous_change: float | None
    year_ago_change: float | None
    festival_change: float | None
    is_complete: bool
    is_final: bool
    covered: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def is_rate(self) -> bool:
        """Whether the figure is a share of 1 and its changes are points."""
        return self.unit == "rate"


@dataclass(frozen=True)
class Period:
    """Figures of a day, week or month, with the first days of the periods to which they are compared."""

    period: str
    start_on: date
    end_on: date
    previous_on: date | None
    year_ago_on: date | None
    festival: str | None
    festival_twin_on: date | None
    figures: tuple[Figure, ...]


def read_period(
    con: duckdb.DuckDBPyConnection, period: str, start_on: date, end_on: date
) -> Period:
    """The figures of a period of the release, in the order of `KPIS`."""
    result = con.execute(_FIGURES, {"period": period, "start_on": start_on, "codes": list(KPIS)})
    names = [column[0] for column in result.description or ()]
    rows = {row[0]: dict(zip(names, row, strict=True)) for row in result.fetchall()}
    shops = [shop for (shop,) in con.execute(_SHOPS).fetchall()]
    return Period(
        period,
        start_on,
        end_on,
        _first(rows, "previous_start_on"),
        _first(rows, "year_ago_start_on"),
        _first(rows, "festival"),
        _first(rows, "festival_twin_on"),
        tuple(_figure(rows[code], shops) for code in KPIS if code in rows),
    )


def _figure(row: dict[str, Any], shops: list[str]) -> Figure:
    value = row["value"]
    covered = tuple((row["shop_ids"] or "").split(";")) if row["shop_ids"] else ()
    change = "points" if row["unit"] == "rate" else "change"
    gap_en, gap_zh = (None, None) if value is not None else (row["coverage"], row["coverage_zh"])
    if value is None and row["coverage"] is None:
        gap_en, gap_zh = _NO_ROW
    return Figure(
        **{name: row[name] for name in ("kpi_code", "en", "zh", "unit", "direction", "value")},
        gap_en=gap_en,
        gap_zh=gap_zh or gap_en,
        **{
            f"{span}_change": row[f"{span}_{change}"]
            for span in ("previous", "year_ago", "festival")
        },
        is_complete=row["is_complete"],
        is_final=row["is_final"],
        covered=covered,
        left_out=tuple(s for s in shops if s not in covered)
        if value is not None and covered
        else (),
    )


def _first(rows: dict[str, dict[str, Any]], column: str) -> Any:
    return next((row[column] for row in rows.values() if row[column] is not None), None)
