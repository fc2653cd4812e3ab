"""The limit of memory: stated, or half of the machine's, and never too small for one statement."""

import duckdb
import pytest

from orchestration.config import memory
from orchestration.config.settings import SettingsError


@pytest.fixture
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP360_MEMORY", raising=False)


@pytest.mark.usefixtures("_unset")
def test_half_of_the_machine_is_less_than_what_duckdb_takes() -> None:
    limits = []
    for setting in ("", f"set memory_limit = '{memory.limit()}'"):
        with duckdb.connect() as con:
            con.execute(setting or "select 1")
            [(text,)] = con.execute("select current_setting('memory_limit')").fetchall()
            number, unit = text.split()
            limits.append(float(number) * {"MiB": 1, "GiB": 1024}[unit])
    assert limits[1] / limits[0] == pytest.approx(5 / 8, abs=0.02)


@pytest.mark.usefixtures("_unset")
def test_a_task_takes_no_more_than_it_needs() -> None:
    assert memory.limit(10**9) == "1000MB"


@pytest.mark.parametrize(
    ("given", "limit"), [("8GB", "8000MB"), ("1.5 GiB", "1610MB"), (" 2TB ", "2000000MB")]
)
def test_a_stated_size_counts(monkeypatch: pytest.MonkeyPatch, given: str, limit: str) -> None:
    monkeypatch.setenv("SHOP360_MEMORY", given)
    assert memory.limit() == limit


@pytest.mark.parametrize("given", ["many", "50%", "8", "100MB", "0GB", "-4GB"])
def test_what_is_no_size_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("SHOP360_MEMORY", given)
    with pytest.raises(SettingsError, match="SHOP360_MEMORY: expected a size of 1GB or more"):
        memory.limit()
