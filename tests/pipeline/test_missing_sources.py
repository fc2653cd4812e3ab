"""A source that is not connected never breaks the build, and never looks like zero."""

import shutil
from pathlib import Path

import pytest
from shops import Shop


@pytest.mark.parametrize("system", ["crm", "erp", "ads", "web"])
def test_without_one_system_the_build_is_green_and_its_kpis_say_why(
    tmp_path: Path, system: str
) -> None:
    shop = Shop(tmp_path / f"without_{system}")
    assert shop.cli("demo", "--customers", 1000).returncode == 0
    shutil.rmtree(shop.home / "inbox" / system)
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
