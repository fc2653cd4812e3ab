"""Cases of `cases` that landing alone decides, without a run of the models."""

from pathlib import Path

import pytest
from shops import REAL_DATA

from orchestration.landing import LandingReport, land
from orchestration.settings import Settings
from orchestration.shop_config import load_shop_config


def _land(name: str, tmp_path: Path) -> LandingReport:
    case = REAL_DATA.parent / "cases" / name
    if not case.is_dir():
        pytest.skip(f"{case} is absent; set SHOP360_REAL_DATA to the folder beside it")
    settings = Settings(tmp_path / "home", case / "shop.yml", case / "inbox")
    return land(settings, load_shop_config(settings.config))


def test_a_renamed_header_stops_its_file_instead_of_wiping_values(tmp_path: Path) -> None:
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
