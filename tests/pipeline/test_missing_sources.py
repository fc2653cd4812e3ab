"""A source that is not connected never breaks the build, and never looks like zero."""

import shutil
from pathlib import Path

import duckdb
import pytest
from shops import Shop


def _never_had(demo_shop: Shop, home: Path, system: str) -> Shop:
    """A shop whose inbox never held the system's exports, after its first run."""
    shop = Shop(home)
    exports = shutil.ignore_patterns(system)
    shutil.copytree(demo_shop.home / "inbox", home / "inbox", ignore=exports)
    shop.run()
    return shop


def _lost(demo_shop: Shop, home: Path, *systems: str) -> Shop:
    """A copy of the demo shop without any row of the systems, its models and tests built again."""
    shop = demo_shop.copy(home)
    with duckdb.connect(str(home / "private" / "warehouse.duckdb")) as con:
        feeds = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
            " and split_part(table_name, '_', 1) in (select unnest(?))",
            [systems],
        ).fetchall()
        for (feed,) in feeds:
            con.execute(f"delete from raw.{feed}")
    built = shop.cli("dbt", "build", "--exclude-resource-type", "unit_test")
    assert built.returncode == 0, built.stdout[-3000:]
    return shop


# A whole run takes long: once is enough. What needs the CRM never needs the ads, and so both may be lost at once.
@pytest.mark.parametrize(
    "systems",
    [
        ("web",),
        pytest.param(("erp",), marks=pytest.mark.thorough),
        pytest.param(("crm", "ads"), marks=pytest.mark.thorough),
    ],
)
def test_without_a_system_its_kpis_are_null_with_reasons(
    demo_shop: Shop, tmp_path: Path, systems: tuple[str, ...]
) -> None:
    make = _never_had if systems == ("erp",) else _lost
    shop = make(demo_shop, tmp_path / "home", *systems)
    for system in systems:
        dependent = shop.ask_warehouse(
            f"""select kpi_code, count(*), count(value), count(*) filter (where value = 0),
                    count(*) filter (where coverage like 'not connected%{system}.%')
                from marts.kpi_values join meta.kpi_catalogue using (kpi_code)
                where needs like '%{system}.%' group by all"""
        )
        assert dependent or system == "crm"
        for code, rows, valued, zeros, explained in dependent:
            assert (valued, zeros) == (0, 0), f"{code} has values without {system}"
            assert rows == explained, f"{code} does not say that {system} is not connected"
    if "web" in systems:
        states = shop.ask_warehouse(
            "select distinct state, relative_lift, p_value from marts.experiment_results order by state"
        )
        assert states == [("no_source", None, None), ("planned", None, None)]
