"""The tutorials of docs/ are followed as a reader follows them."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from shops import REPO, Shop

from orchestration.reports.kpi_book import catalogue
from tools import wide_kpis

_COPIED = ("models", "macros", "seeds", "tests", "orchestration", "dbt_project.yml", "profiles.yml")


def _blocks(page: str, language: str) -> list[str]:
    text = (REPO / "docs" / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_row_of_the_first_kpi_fits_the_catalogue() -> None:
    kpis = catalogue()
    [block] = _blocks("your-first-kpi.md", "csv")
    [row] = csv.reader(block.splitlines())
    assert len(row) == len(kpis[0])
    kpi = dict(zip(kpis[0], row, strict=True))
    used = {
        measure.removeprefix("-")
        for known in kpis
        for part in (known["numerator"], known["denominator"])
        for measure in part.split(";")
    }
    assert kpi["kpi_code"] not in {known["kpi_code"] for known in kpis}
    assert {kpi["numerator"], kpi["denominator"]} <= used
    macro = wide_kpis.render(wide_kpis.MACRO, (REPO / wide_kpis.MACRO).read_text(), [*kpis, kpi])
    assert f"'{kpi['kpi_code']}'" in macro


@pytest.mark.thorough
def test_the_first_model_builds_in_a_copy_of_the_project(demo_shop: Shop, tmp_path: Path) -> None:
    project, shop = tmp_path / "project", demo_shop.copy(tmp_path / "home")
    project.mkdir()
    for name in _COPIED:
        source = REPO / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, project / name)
    folder = project / "models/intermediate/orders/sales"
    [sql], [yml] = (_blocks("your-first-model.md", kind) for kind in ("sql", "yaml"))
    (folder / "int_orders__sale_days.sql").write_text(sql, encoding="utf-8")
    (folder / "int_orders__sale_days.yml").write_text(yml, encoding="utf-8")
    command = "import sys; from orchestration.commands.main import app; app()"
    done = subprocess.run(
        [sys.executable, "-c", command, "dbt", "build", "--select", "int_orders__sale_days",
         "--home", str(shop.home), "--config", str(REPO / "shop.yml")],
        cwd=project, env={**os.environ, "PYTHONPATH": str(project)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PASS=5" in done.stdout, done.stdout
    days = shop.ask_warehouse(
        "select count(*), sum(order_count) from intermediate.int_orders__sale_days"
    )
    sales = shop.ask(
        "select count(distinct (shop_id, paid_on)), count(*) from marts.orders where is_sale"
    )
    assert days == sales
