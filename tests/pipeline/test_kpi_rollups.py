"""KPI values of the demo shop against the oracle, and what must hold between them."""

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

SLICES_PER_KPI = 40

UNTRACKED = {"item_clicks", "product_click_rate"}
"""The trackers of the demo shop send no clicks on products in lists."""


@pytest.fixture(scope="module")
def atoms(demo_shop: Shop) -> Atoms:
    return load(demo_shop)


@dataclass
class Told:
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
def told(demo_shop: Shop) -> Iterator[Told]:
    with duckdb.connect(str(demo_shop.released), read_only=True) as con:
        yield Told(con)


def assert_as_counted(atoms: Atoms, told: Told, code: str, piece: Slice) -> bool:
    """A slice's row is what the oracle counts; says whether there was a figure to compare."""
    above, below = ORACLE[code](atoms, piece)
    row = told.row(code, piece)
    if row is None:
        assert not above, f"{code} has no row for {piece}, where {above} is counted"
        assert not below, f"{code} has no row for {piece}, where {below} is counted"
        return False
    numerator, denominator, value, coverage, multiplier, aggregation = row
    seen = f"{code} {piece}: {numerator} / {denominator} = {value} ({coverage}), counted {above} / {below}"
    if coverage not in ("ok", "no denominator"):
        assert (numerator, denominator, value) == (None, None, None), seen
        assert above is None or not below, seen
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
def test_kpi_is_what_its_definition_counts(atoms: Atoms, told: Told, code: str) -> None:
    compared = []

    @seed(zlib.crc32(code.encode()))
    @settings(
        max_examples=SLICES_PER_KPI,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(told.slices(code))
    def compare(piece: Slice) -> None:
        compared.append(assert_as_counted(atoms, told, code, piece))

    compare()
    assert any(compared), f"no slice of {code} had a figure"
