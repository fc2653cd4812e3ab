"""KPI values of the demo shop against the oracle, and what must hold between them."""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copy

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from kpi_atoms import SHOP_CLOCK, Atoms, Slice, load
from kpi_oracle import ORACLE
from shops import Shop

SLICES_PER_KPI = 20

UNTRACKED = {"item_clicks", "product_click_rate"}
"""The trackers of the demo shop send no clicks on products in lists."""


@pytest.fixture(scope="module")
def atoms(demo_shop: Shop) -> Atoms:
    return load(demo_shop)


@dataclass
class Released:
    """The KPI values as readers see them."""

    con: duckdb.DuckDBPyConnection

    def slices(self, code: str) -> st.SearchStrategy[Slice]:
        """Slices of a KPI: first a dimension, then a value, a length of period and a period."""
        values = defaultdict(set)
        # What platforms report of their own visitors has no atoms.
        for shop, dimension, value in self.con.execute(
            "select shop_id, dimension, dimension_value from marts.kpi_values where kpi_code = ?"
            " group by all having not bool_or(evidence = 'platform')",
            [code],
        ).fetchall():
            values["shop" if shop != "all" else dimension].add((shop, dimension, value))
        periods = defaultdict(list)
        for period, start, end in self.con.execute(
            "select distinct period, period_start_on, period_end_on from marts.kpi_values"
            " where kpi_code = ? order by all",
            [code],
        ).fetchall():
            periods[period].append((period, start, end))
        return st.builds(
            lambda when, where: Slice(*when, *where),
            st.sampled_from(sorted(periods)).flatmap(lambda p: st.sampled_from(periods[p])),
            st.sampled_from(sorted(values)).flatmap(lambda d: st.sampled_from(sorted(values[d]))),
        )

    def covered(self, code: str) -> frozenset[str]:
        """The shops that the figures of all shops are of."""
        [(shops,)] = self.con.execute(
            "select max(shop_ids) from marts.kpi_values where kpi_code = ? and shop_id = 'all'"
            " and evidence <> 'platform'",
            [code],
        ).fetchall()
        return frozenset((shops or "").split(";"))

    def row(self, code: str, piece: Slice) -> tuple | None:
        """Numerator, denominator, value, coverage and multiplier of a KPI, if the slice has a row."""
        return self.con.execute(
            "select v.numerator, v.denominator, v.value, v.coverage, c.multiplier, c.aggregation"
            " from marts.kpi_values as v join meta.kpi_catalogue as c using (kpi_code)"
            " where kpi_code = ? and period = ? and period_start_on = ? and shop_id = ?"
            " and dimension = ? and dimension_value = ?",
            [code, piece.period, piece.start, piece.shop, piece.dimension, piece.value],
        ).fetchone()


@pytest.fixture(scope="module")
def shown(demo_shop: Shop) -> Iterator[Released]:
    with duckdb.connect(str(demo_shop.released), read_only=True) as con:
        yield Released(con)


def assert_as_counted(atoms: Atoms, shown: Released, code: str, piece: Slice) -> bool:
    """A slice's row is what the oracle counts; says whether there was a figure to compare."""
    if piece.shop == "all":
        atoms = atoms.of_shops(shown.covered(code))
    above, below = ORACLE[code](atoms, piece)
    row = shown.row(code, piece)
    if row is None:
        assert not above, f"{code} has no row for {piece}, where {above} is counted"
        assert not below, f"{code} has no row for {piece}, where {below} is counted"
        return False
    numerator, denominator, value, coverage, multiplier, aggregation = row
    seen = f"{code} {piece}: {numerator} / {denominator} = {value} ({coverage}), counted {above} / {below}"
    if coverage not in ("ok", "no denominator"):
        assert (numerator, denominator, value) == (None, None, None), seen
        # Where the days of one side are beyond its data, nothing is counted on it.
        assert above is None or not below or (coverage.startswith("no data ") and not above), seen
        return False
    assert numerator == above, seen
    assert (denominator or 0) == (below or 0), seen
    if coverage == "no denominator":
        assert value is None, seen
        return False
    expected = float(above)
    if aggregation == "ratio":
        expected = float(above) / float(below or 0) * float(multiplier)
    assert value == pytest.approx(expected, abs=1e-6, rel=1e-12), seen
    return True


@pytest.mark.parametrize("code", sorted(ORACLE))
def test_kpi_is_what_its_definition_counts(atoms: Atoms, shown: Released, code: str) -> None:
    compared = []

    @seed(zlib.crc32(code.encode()))
    @settings(
        max_examples=SLICES_PER_KPI,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(shown.slices(code))
    def compare(piece: Slice) -> None:
        compared.append(assert_as_counted(atoms, shown, code, piece))

    compare()
    assert any(compared), f"no slice of {code} had a figure"


def test_every_group_and_dimension_has_an_oracle(shown: Released) -> None:
    codes = {
        code for (code,) in shown.con.execute("select kpi_code from meta.kpi_catalogue").fetchall()
    }
    assert codes - set(ORACLE) == UNTRACKED
    assert set(ORACLE) <= codes


def test_additive_kpis_of_weeks_and_months_sum_their_days(shown: Released) -> None:
    compared = shown.con.execute(
        """with sums as (
               select whole.kpi_code, whole.period, whole.numerator, sum(days.numerator) as of_days
               from marts.kpi_values as whole
               join meta.kpi_catalogue using (kpi_code)
               left join marts.kpi_values as days
                   on days.kpi_code = whole.kpi_code and days.shop_id = whole.shop_id
                   and days.dimension = whole.dimension
                   and days.dimension_value = whole.dimension_value and days.period = 'day'
                   and days.period_start_on between whole.period_start_on and whole.period_end_on
               where additivity = 'additive' and whole.period <> 'day'
               group by whole.kpi_code, whole.period, whole.period_start_on, whole.shop_id,
                   whole.dimension, whole.dimension_value, whole.numerator
           )
           select kpi_code, period, count(*), count(*) filter (
               coalesce(numerator, 0) <> coalesce(of_days, 0)
           )
           from sums group by all"""
    ).fetchall()
    assert len({code for code, *_ in compared}) >= 10
    assert [row for row in compared if row[-1]] == []


def test_shops_add_up_to_the_whole(shown: Released) -> None:
    compared = shown.con.execute(
        """with shops as (
               select kpi_code, period, period_start_on, sum(numerator) as of_shops
               from marts.kpi_values
               where shop_id <> 'all' and dimension = 'all' and evidence <> 'platform' group by all
           )
           select kpi_code, count(*), count(*) filter (
               whole.numerator is distinct from coalesce(of_shops, 0)
           )
           from marts.kpi_values as whole
           join meta.kpi_catalogue using (kpi_code)
           left join shops using (kpi_code, period, period_start_on)
           where additivity = 'additive' and dimensions like '%shop%' and coverage = 'ok'
               and shop_id = 'all' and dimension = 'all' group by all"""
    ).fetchall()
    assert len(compared) >= 10
    assert [row for row in compared if row[-1]] == []


def test_visitors_of_a_week_lie_within_those_of_its_days(shown: Released) -> None:
    compared = shown.con.execute(
        """select count(*), count(*) filter (weeks.numerator < sum_of_days),
               count(*) filter (not weeks.numerator between largest_day and sum_of_days)
           from marts.kpi_values as weeks
           join (
               select date_trunc('week', period_start_on) as period_start_on, shop_id, dimension,
                   dimension_value, sum(numerator) as sum_of_days, max(numerator) as largest_day
               from marts.kpi_values
               where kpi_code = 'visitors' and period = 'day' and evidence <> 'platform' group by all
           ) using (period_start_on, shop_id, dimension, dimension_value)
           where kpi_code = 'visitors' and period = 'week'"""
    ).fetchone()
    assert compared is not None
    weeks, with_returns, outside = compared
    assert weeks >= 500
    assert with_returns > 0
    assert outside == 0


def test_a_value_is_missing_for_one_of_the_known_reasons(shown: Released) -> None:
    reasons = (
        "ok|no denominator|no shop has all of [a-z_.:, ]+|only of shops that lack a need|cohort not matured|the next period is not over|not reported"
        "|not (connected|tracked|exported): [a-z_.]+( of [a-z_]+)?|no data (before|after) [0-9-]+: [a-z_.:]+"
        "|no buyer is identified(: erp.orders)?|no exchange rate: [A-Z]{3}"
        "|no order with known cost|visitors of several (days|reports) cannot be added"
    )
    shown_reasons = shown.con.execute("select distinct coverage from marts.kpi_values").fetchall()
    assert [reason for (reason,) in shown_reasons if not re.fullmatch(reasons, reason)] == []


def test_every_tracked_kpi_of_the_demo_has_a_figure(shown: Released) -> None:
    silent = dict(
        shown.con.execute(
            "select kpi_code, list(distinct coverage order by coverage) from marts.kpi_values"
            " group by kpi_code having count(value) = 0"
        ).fetchall()
    )
    assert silent == {code: ["not tracked: click_item"] for code in UNTRACKED}
    # The same for the shop as a whole, which is what the page and the goals read.
    whole = shown.con.execute(
        "select kpi_code from marts.kpi_values where shop_id = 'all' and dimension = 'all'"
        " group by kpi_code having count(value) = 0"
    ).fetchall()
    assert {code for (code,) in whole} == UNTRACKED


def test_midnight_of_the_shop_parts_two_days(demo_shop: Shop, atoms: Atoms, tmp_path: Path) -> None:
    """The demo's events keep their shop's day, and so do two more, a second apart at midnight."""
    warehouse = tmp_path / "warehouse.duckdb"
    copy(demo_shop.home / "private" / "warehouse.duckdb", warehouse)
    midnight = datetime(2026, 10, 20) - SHOP_CLOCK
    with duckdb.connect(str(warehouse)) as con:
        con.execute("set TimeZone = 'UTC'")
        for name, at in (("last", midnight - timedelta(seconds=1)), ("first", midnight)):
            con.execute(
                "insert into raw.web_events select * replace (? as event_id, ? as event_at)"
                " from raw.web_events limit 1",
                [name, at],
            )
        days = con.execute(
            "select event_id, event_on::varchar from staging.stg_web__events"
            " where event_id in ('last', 'first') order by event_at"
        ).fetchall()
        shown = con.execute("select event_at, event_on from staging.stg_web__events").fetchall()
    assert days == [("last", "2026-10-19"), ("first", "2026-10-20")]
    assert len(shown) == len(atoms.events) + 2
    assert [(at, on) for at, on in shown if (at + SHOP_CLOCK).date() != on] == []
    # Days by UTC would put some of them elsewhere.
    assert any(at.date() != on for at, on in shown)
