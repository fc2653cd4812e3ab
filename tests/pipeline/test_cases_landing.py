"""Cases of `cases` that landing alone decides, without a run of the models."""

import subprocess
import sys
from pathlib import Path

import pytest
from shops import REAL_DATA, Shop

from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.landing.land import land
from orchestration.landing.record.report import LandingReport

_HOLDER = "import duckdb, sys; held = duckdb.connect(sys.argv[1], read_only=True); print('held', flush=True); input()"


def _case(name: str) -> Path:
    case = REAL_DATA.parent / "cases" / name
    if not case.is_dir():
        pytest.skip(f"{case} is absent; set SHOP360_REAL_DATA to the folder beside it")
    return case


def _land(name: str, tmp_path: Path) -> LandingReport:
    case = _case(name)
    settings = Settings(tmp_path / "home", case / "shop.yml", case / "inbox")
    return land(settings, load_shop_config(settings.config))


def test_a_renamed_header_stops_its_file(tmp_path: Path) -> None:
    report = _land("renamed-header-wipes-values", tmp_path)
    assert {file.file: file.status for file in report.files} == {
        "orders_1.csv": "landed",
        "orders_2.csv": "rejected",
        "sycm_1.csv": "landed",
        "sycm_2.csv": "rejected",
    }
    errors = " ".join(file.error or "" for file in report.rejected)
    assert "'客户' of customer_id" in errors
    assert "'访客数' of visitors" in errors


def test_a_warehouse_that_a_reader_holds_is_one_line(tmp_path: Path) -> None:
    case = _case("warehouse-open-elsewhere")
    shop = Shop(tmp_path / "home", case / "shop.yml", case / "inbox")
    assert shop.cli("init").returncode == 0
    assert shop.cli("land").returncode == 0
    warehouse = shop.home / "private" / "warehouse.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        done = shop.cli("land")
        holder.communicate("\n")
    assert done.returncode == 1
    [line] = done.stderr.strip().splitlines()
    assert f"process {holder.pid}" in line and "close it there" in line
