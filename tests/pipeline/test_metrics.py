"""Does MetricFlow, asked by name, tell what the shop's own KPI table tells?"""

import csv
import os
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime
from itertools import accumulate, groupby
from pathlib import Path
from shutil import copy
from typing import Any

import duckdb
import pytest
import yaml
from shops import REPO, Shop

from orchestration.config.environment import prepare_environment
from orchestration.config.settings import load_settings
from orchestration.reports.metrics import (
    MetricFlowMissing,
    MetricsError,
    dimensions_of,
    load_engine,
    metric_sql,
)

# All that is read of the KPI table: a row for each code, period and slice that has a value. Visitors of a month
# are fewer than those of its days, which is all that metrics can count. What platforms report is no metric.
_KPIS = """
    select period, period_start_on,
        case when shop_id <> 'all' then 'shop' else dimension end as slice,
        case when shop_id <> 'all' then shop_id else dimension_value end as slice_value,
        kpi_code, kpis.denominator,
        case when aggregation = 'sum' then cast(kpis.numerator as double)
            else cast(multiplier * kpis.numerator as double) / cast(nullif(kpis.denominator, 0) as double)
        end as value
    from marts.kpi_values as kpis
    inner join meta.kpi_catalogue using (kpi_code)
    where period in ('day', 'month') and (shop_id = 'all' or dimension = 'all')
        and coverage in ('ok', 'no denominator') and evidence <> 'platform'
        and (period = 'day' or coalesce(numerator_is, '') || coalesce(denominator_is, '') not like '%visitors%')
"""
# The one slice of the table that metrics call by another name.
_NAMES = {"sales_channel": "purchase__sales_channel"}
_SLICES = [
    ("day", "all"),
    ("month", "all"),
    ("day", "sales_channel"),
    ("month", "sales_channel"),
    ("day", "shop"),
    ("month", "shop"),
    ("day", "platform"),
    ("month", "platform"),
    ("day", "channel"),
    ("month", "channel"),
    ("day", "ad_platform"),
    ("month", "ad_platform"),
]


def _catalogue() -> dict[str, dict[str, str]]:
    with (REPO / "seeds" / "kpi_catalogue.csv").open() as file:
        return {row["kpi_code"]: row for row in csv.DictReader(file)}


def _declared() -> dict[str, dict[str, Any]]:
    files = [yaml.safe_load(path.read_text()) for path in REPO.glob("models/semantic/*.yml")]
    return {metric["name"]: metric for file in files for metric in file.get("metrics", [])}


CODES = sorted(_catalogue().keys() & _declared().keys())
_OF_A_DAY = {
    code
    for code in CODES
    if "visitors" in _catalogue()[code]["numerator_is"] + _catalogue()[code]["denominator_is"]
}
SUMS = {code for code in CODES if _catalogue()[code]["aggregation"] == "sum"}


OF_A_CHANNEL = {
    "channel_new_visitor_rate": "new_visitor_rate",
    "channel_atc_rate": "atc_rate_visitor",
    "channel_pay_cvr": "pay_cvr",
}


class Metrics:
    """One engine for all questions, because it takes a second to start."""

    def __init__(self, shop: Shop) -> None:
        """Over the released file of the shop."""
        settings = load_settings(shop.home, shop.config)
        prepare_environment(settings)
        self.shop = shop
        self.engine = load_engine(settings)
        self.slices = {code: dimensions_of(self.engine, [code]) for code in CODES}

    def ask(self, metrics: list[str], group_by: list[str]) -> list[tuple]:
        """Rows with whole days instead of midnights."""
        rows = self.shop.ask(metric_sql(self.engine, metrics, group_by))
        return [tuple(v.date() if isinstance(v, datetime) else v for v in row) for row in rows]

    def by_day(self, metric: str) -> dict[date, Any]:
        """One metric of the whole shop."""
        return dict(self.ask([metric], ["metric_time__day"]))


@pytest.fixture(scope="module")
def metrics(demo_shop: Shop) -> Iterator[Metrics]:
    before = dict(os.environ)
    yield Metrics(demo_shop)
    # The settings were handed to child processes; the next test has other ones.
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def kpis(demo_shop: Shop) -> list[tuple]:
    return demo_shop.ask(_KPIS)


def _same(code: str, expected: float | None, found: Any) -> bool:
    if expected is None or found is None:
        # Where nothing was counted, sold or given back there may be no row at all.
        return found is None and (expected is None or (expected == 0 and code in {*SUMS, "mer"}))
    if code in SUMS:
        return abs(float(found) - expected) < 0.005
    return float(found) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("period", "dimension"), _SLICES)
def test_every_figure_is_that_of_the_kpi_table(
    metrics: Metrics, kpis: list[tuple], period: str, dimension: str
) -> None:
    expected = {
        (code, starts_on, slice_): value
        for its_period, starts_on, its_dimension, slice_, code, _, value in kpis
        if (its_period, its_dimension) == (period, dimension) and code in CODES
    }
    shown = sorted({code for code, *_ in expected})
    group_by = [f"metric_time__{period}"]
    if dimension != "all":
        name = _NAMES.get(dimension, dimension)
        shown = [code for code in shown if name in metrics.slices[code]]
        group_by.append(name)
    found = {
        (code, row[0], row[1] if dimension != "all" else "all"): figure
        for row in metrics.ask(shown, group_by)
        for code, figure in zip(shown, row[len(group_by) :], strict=True)
    }
    differ = [
        (key, value, found.get(key))
        for key, value in expected.items()
        if key[0] in shown and not _same(key[0], value, found.get(key))
    ]
    assert differ == []
    # No figure of its own either: what the table does not tell, MetricFlow does not know.
    unheard = {
        key: figure for key, figure in found.items() if figure is not None and key not in expected
    }
    assert {key: figure for key, figure in unheard.items() if figure != 0} == {}
    least = {"all": 36, "shop": 28, "platform": 25, "sales_channel": 16, "channel": 6}
    assert len(shown) >= least.get(dimension, 5)


def test_net_figures_leave_out_shops_without_refunds(
    metrics: Metrics, demo_shop: Shop, tmp_path: Path
) -> None:
    codes = ["net_sales", "refunded", "refund_rate", "refund_rate_order_date", "gross_margin_rate"]
    by_shop, of_all = (metric_sql(metrics.engine, codes, by) for by in (["shop"], []))
    released = tmp_path / "shop360.duckdb"
    copy(demo_shop.released, released)
    with duckdb.connect(str(released)) as con:
        con.execute("update meta.shops set has_known_refunds = false where shop_id = 'jd_flagship'")
        shops = {shop: figures for shop, *figures in con.execute(by_shop).fetchall()}
        [(net_sales, *_)] = con.execute(of_all).fetchall()
    assert shops.pop("jd_flagship") == [None] * len(codes)
    assert None not in shops["tmall_flagship"]
    assert net_sales == sum(figures[0] for figures in shops.values() if figures[0] is not None)


def test_at_least_forty_codes_are_compared() -> None:
    assert len(CODES) >= 40


def test_visitors_of_several_days_or_channels_are_no_figure(metrics: Metrics) -> None:
    of_a_day = list(_OF_A_DAY)
    for _, *figures in metrics.ask(of_a_day, ["metric_time__month"]):
        assert set(figures) == {None}
    [(channel_visitors, visitor_days)] = metrics.ask(["channel_visitors", "visitor_days"], [])
    assert channel_visitors is None and visitor_days > 0
    assert {row[1] for row in metrics.ask(["channel_visitors"], ["metric_time__day"])} >= {None}
    with pytest.raises(MetricsError, match="visitors has no such slice"):
        metrics.ask(["visitors"], ["channel"])


def test_channels_and_reports_are_told_one_by_one(metrics: Metrics, demo_shop: Shop) -> None:
    for metric, slice_, evidence in [
        ("channel_visitors", "channel", "event"),
        ("reported_visitors", "shop_id", "platform"),
    ]:
        found = metrics.ask([metric], ["metric_time__day", slice_.removesuffix("_id")])
        rows = demo_shop.ask(
            f"""select traffic_on, {slice_}, sum(visitors) from marts.daily_traffic
                inner join marts.calendar on traffic_on = day_on
                where evidence = '{evidence}'
                    and (channel = 'all') = {slice_ == "shop_id"} group by all order by all"""
        )
        assert len(rows) > 100 and found == rows


def test_rates_of_a_channel_are_those_of_the_kpi_table(metrics: Metrics, kpis: list[tuple]) -> None:
    found = {
        (code, day, channel): figure
        for day, channel, *figures in metrics.ask(
            list(OF_A_CHANNEL), ["metric_time__day", "channel"]
        )
        for code, figure in zip(OF_A_CHANNEL.values(), figures, strict=True)
    }
    expected = {
        (code, day, channel): value
        for period, day, dimension, channel, code, _, value in kpis
        if (period, dimension) == ("day", "channel") and code in OF_A_CHANNEL.values()
    }
    assert len(expected) > 100
    assert found == pytest.approx(expected, rel=1e-9)


def test_metrics_that_run_are_the_sums_of_their_days(metrics: Metrics, kpis: list[tuple]) -> None:
    days = {
        code: sorted(
            (starts_on, value, denominator)
            for period, starts_on, dimension, _, its_code, denominator, value in kpis
            if (period, dimension, its_code) == ("day", "all", code)
        )
        for code in ("gmv_pay", "new_customers", "rep_rate_user")
    }
    months = groupby(days["gmv_pay"], key=lambda day: day[0].replace(day=1))
    to_date = [run for _, month in months for run in accumulate(day[1] for day in month)]
    found = metrics.by_day("gmv_pay_month_to_date")
    assert [float(found[day[0]]) for day in days["gmv_pay"]] == pytest.approx(to_date, abs=0.005)

    won = list(accumulate(day[1] for day in days["new_customers"]))
    found = metrics.by_day("new_customers_to_date")
    assert [found[day[0]] for day in days["new_customers"]] == won

    found = metrics.by_day("identified_buyers_90_days")
    buyers = [(day, float(denominator)) for day, _, denominator in days["rep_rate_user"]]
    assert buyers and [(day, found[day]) for day, _ in buyers] == buyers


def test_a_year_s_growth_compares_a_month_with_the_same_month(
    metrics: Metrics, kpis: list[tuple]
) -> None:
    months = {
        starts_on: value
        for period, starts_on, dimension, _, code, _, value in kpis
        if (period, dimension, code) == ("month", "all", "gmv_pay")
    }
    found = dict(metrics.ask(["gmv_pay_growth"], ["metric_time__month"]))
    growth = {
        month: value / months[before] - 1
        for month, value in months.items()
        if (before := month.replace(year=month.year - 1)) in months
    }
    assert len(growth) >= 3
    assert {month: found[month] for month in growth} == pytest.approx(growth, rel=1e-9)


def test_slices_of_orders_and_products_add_up(metrics: Metrics, demo_shop: Shop) -> None:
    [(net_sales, orders)] = metrics.ask(["net_sales", "orders"], [])
    for slice_ in ("purchase__buyer", "purchase__province", "calendar__festival"):
        rows = metrics.ask(["net_sales", "orders"], [slice_])
        assert len(rows) > 2, slice_
        assert (sum(row[1] for row in rows), sum(row[2] for row in rows)) == (net_sales, orders)
    cohorts = metrics.ask(["net_sales"], ["customer__first_order_on__month"])
    assert sum(row[1] for row in cohorts) == net_sales
    sold = metrics.ask(["product_sales", "product_units"], ["line__category"])
    assert sold == demo_shop.ask(
        """select category, sum(goods_amount), sum(quantity) from marts.order_lines
           where is_sale and not is_gift group by all order by all"""
    )


def test_the_command_line_tells_the_same(demo_shop: Shop, kpis: list[tuple]) -> None:
    asked = [
        "metrics",
        "query",
        "--metrics",
        "net_sales,orders",
        "--group-by",
        "metric_time__month",
    ]
    done = demo_shop.cli(*asked, "--csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(done.stdout.splitlines()))
    for code in ("net_sales", "orders"):
        assert {
            date.fromisoformat(row["metric_time__month"]): float(row[code]) for row in rows
        } == {
            starts_on: pytest.approx(value, abs=0.005)
            for period, starts_on, dimension, _, its_code, _, value in kpis
            if (period, dimension, its_code) == ("month", "all", code)
        }
    explained = demo_shop.cli(*asked, "--explain")
    assert [str(row[1]) for row in demo_shop.ask(explained.stdout)] == [
        row["net_sales"] for row in rows
    ]


def test_an_unknown_metric_is_refused_with_suggestions(demo_shop: Shop) -> None:
    done = demo_shop.cli("metrics", "query", "--metrics", "net_sale", "--group-by", "metric_time")
    assert done.returncode == 1
    assert "did you mean net_sales" in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("group_by", "where", "order", "expected"),
    [
        ("platforms", [], "", "did you mean platform"),
        ("metric_time__mnth", [], "", "did you mean metric_time__month"),
        ("platform", ["{{ Dimension('purchase__provnce') }} = 'x'"], "", "did you mean purchase__province"),
        ("platform", ["{{ Dimension('platform' }} = 'x'"], "", "Write a slice as {{ Dimension("),
        ("platform", [], "-platfrm", "did you mean platform"),
    ],
)  # fmt: skip
def test_an_error_of_metrics_is_one_line_with_the_nearest_name(
    metrics: Metrics, group_by: str, where: list[str], order: str, expected: str
) -> None:
    with pytest.raises(MetricsError) as raised:
        metric_sql(
            metrics.engine, ["net_sales"], [group_by], where=where, order=[order] * bool(order)
        )
    assert expected in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_blank_answer_says_why(demo_shop: Shop) -> None:
    later = demo_shop.cli(
        "metrics", "query", "--metrics", "net_sales", "--start-time", "2090-01-01"
    )
    assert "the data run from" in later.stderr
    summed = demo_shop.cli(
        "metrics", "query", "--metrics", "visitors", "--group-by", "metric_time__month"
    )
    assert "visitors of several days cannot be added" in summed.stderr


def test_without_metricflow_the_message_says_what_to_install(
    metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Python's own way to say that a module cannot be imported.
    monkeypatch.setitem(sys.modules, "metricflow.sql.render.duckdb_renderer", None)
    with pytest.raises(MetricFlowMissing, match=r"pip install 'shop360\[semantic\]'"):
        load_engine(load_settings(metrics.shop.home, metrics.shop.config))


def test_a_metric_is_a_code_of_the_catalogue_or_says_why_not() -> None:
    catalogue, declared = _catalogue(), _declared()
    for name, metric in declared.items():
        if name in catalogue:
            assert metric["label"] == f"{catalogue[name]['en']} · {catalogue[name]['zh']}", name
            continue
        description = metric["description"]
        parts = re.match(r"Part of ((?:`\w+`(?:,| and)? ?)+)", description)
        assert parts or re.match(r"Beside the catalogue, (because|whose) ", description), name
        if parts:
            assert set(re.findall(r"`(\w+)`", parts[1])) <= declared.keys(), name


def test_every_metric_of_the_declarations_can_be_asked(metrics: Metrics) -> None:
    names = sorted(_declared())
    columns = zip(*metrics.ask(names, ["metric_time__month"]), strict=True)
    next(columns)
    shown = {name for name, figures in zip(names, columns, strict=True) if any(figures)}
    one_at_a_time = {"reported_visitors", "channel_visitors", "channel_visitor_days"}
    assert set(names) - shown == {
        *one_at_a_time,
        *_OF_A_DAY,
        *OF_A_CHANNEL,
        "ad_rows_without_rate",
    }
