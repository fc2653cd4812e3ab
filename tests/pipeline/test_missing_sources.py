"""A source that is not connected never breaks the build, and never looks like zero."""

import shutil
from pathlib import Path

import duckdb
import pytest
from shops import Shop


def _never_had(demo_shop: Shop, home: Path, system: str) -> Shop:
    """A shop whose inbox never held the system's exports."""
    shop = Shop(home)
    exports = shutil.ignore_patterns(system)
    shutil.copytree(demo_shop.home / "inbox", home / "inbox", ignore=exports)
    shop.cli("land")
    shop.build()
    return shop


def _lost(demo_shop: Shop, home: Path, *systems: str) -> Shop:
    """A copy of the demo shop without any row of the systems, its models and tests built again."""
    shop = demo_shop.copy(home)
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        feeds = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
            " and split_part(table_name, '_', 1) in (select unnest(?))",
            [systems],
        ).fetchall()
        for (feed,) in feeds:
            con.execute(f"delete from raw.{feed}")
    shop.build()
    return shop


def _kpis_say_why(shop: Shop, *systems: str) -> None:
    lost = f"({'|'.join(systems)})[.]"
    dependent = shop.ask_warehouse(
        f"""select kpi_code, count(*), count(value),
                count(*) filter (where regexp_matches(coverage, '^not connected: {lost}'))
            from marts.kpi_values join meta.kpi_catalogue using (kpi_code)
            where regexp_matches(needs, '{lost}') group by all"""
    )
    assert dependent or systems == ("crm",)
    for code, rows, valued, explained in dependent:
        assert valued == 0, f"{code} has values without {systems}"
        assert rows == explained, f"{code} does not say which of {systems} is not connected"


def test_without_an_erp_the_build_is_green_and_its_kpis_say_why(
    demo_shop: Shop, tmp_path: Path
) -> None:
    _kpis_say_why(_never_had(demo_shop, tmp_path / "home", "erp"), "erp")


def test_without_all_others_the_build_is_green_and_their_kpis_say_why(
    demo_shop: Shop, tmp_path: Path
) -> None:
    others = ("crm", "ads", "web")
    _kpis_say_why(_lost(demo_shop, tmp_path / "home", *others), *others)


@pytest.mark.thorough
@pytest.mark.parametrize("system", ["crm", "ads", "web"])
def test_without_one_system_the_build_is_green_and_its_kpis_say_why(
    demo_shop: Shop, tmp_path: Path, system: str
) -> None:
    _kpis_say_why(_lost(demo_shop, tmp_path / "home", system), system)
