"""A source that is not connected never breaks the build, and never looks like zero."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from shops import Shop


def _never_had(home: Path, system: str) -> Shop:
    """A shop of its own, whose inbox never held the system's exports."""
    shop = Shop(home)
    assert shop.cli("demo", "--customers", 1000).returncode == 0
    shutil.rmtree(shop.home / "inbox" / system)
    return shop


def _lost(demo_shop: Shop, home: Path, system: str) -> Shop:
    """A copy of the demo shop from which every row of the system is gone."""
    shutil.copytree(demo_shop.home, home, symlinks=True)
    shutil.rmtree(home / "inbox" / system)
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        feeds = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
            f" and starts_with(table_name, '{system}_')"
        ).fetchall()
        for (feed,) in feeds:
            con.execute(f"delete from raw.{feed}")
    return replace(demo_shop, home=home)


@pytest.mark.parametrize("system", ["crm", "erp", "ads", "web"])
def test_without_one_system_the_build_is_green_and_its_kpis_say_why(
    demo_shop: Shop, tmp_path: Path, system: str
) -> None:
    home = tmp_path / f"without_{system}"
    # Landing a whole shop anew takes long: once is enough.
    shop = _never_had(home, system) if system == "erp" else _lost(demo_shop, home, system)
    shop.run()
    dependent = shop.ask(
        f"""select kpi_code, count(*), count(value), count(*) filter (where value = 0),
                count(*) filter (where coverage like 'not connected%{system}.%')
            from marts.kpi_daily join meta.kpi_catalogue using (kpi_code)
            where needs like '%{system}.%' group by all"""
    )
    assert dependent or system == "crm"
    for code, rows, valued, zeros, explained in dependent:
        assert (valued, zeros) == (0, 0), f"{code} has values without {system}"
        assert rows == explained, f"{code} does not say that {system} is not connected"
