"""`shop360 init`: a folder of exports becomes a shop, with few questions, up to the first report page."""

import csv
import os
import shutil
import stat
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from landing_kit import real_data
from shops import REPO

from orchestration.config.settings import PROJECT, usual_config
from orchestration.config.shop_config import load_shop_config

EXPORTS = REPO / "tests" / "support" / "unknown_exports"


def _run(
    *arguments: object, cwd: Path = REPO, answers: str = ""
) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("shop360")), *map(str, arguments)]
    known = {k: v for k, v in os.environ.items() if not k.startswith("SHOP360_")}
    env = {**known, "COLUMNS": "80", "PYTHONPATH": str(REPO)}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, env=env, input=answers
    )


@pytest.fixture
def tea(tmp_path: Path) -> Path:
    """A folder with exports of a tea shop, some loose and some in a folder of their own."""
    folder = tmp_path / "tea"
    shutil.copytree(EXPORTS / "chinese_erp", folder)
    return folder


def test_init_makes_a_shop_of_a_folder(tea: Path) -> None:
    done = _run("init", tea, "--yes", "--no-run")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert sorted(path.name for path in (tea / "inbox").iterdir()) == sorted(
        path.name for path in (EXPORTS / "chinese_erp").iterdir()
    )
    assert [path for path in tea.iterdir() if path.suffix == ".csv"] == []
    modes = {name: stat.S_IMODE((tea / name).stat().st_mode) for name in ("inbox", "private")}
    assert modes == {"inbox": 0o700, "private": 0o700}
    config = load_shop_config(tea / "shop.yml")
    assert (config.shop.timezone, config.shop.currency) == ("Asia/Shanghai", "CNY")
    assert set(config.feeds) == {
        "crm.customers", "erp.orders", "erp.order_lines", "erp.refunds", "erp.products", "erp.inventory"
    }  # fmt: skip


def test_commands_in_a_shop_s_folder_need_no_options(tea: Path) -> None:
    assert _run("init", tea, "--yes", "--no-run").returncode == 0
    done = _run("land", "--dry-run", cwd=tea)
    assert (done.returncode, done.stderr.count("rejected")) == (0, 0), done.stderr
    assert "库存" in done.stdout or "Inventory" in done.stdout


def test_init_never_changes_a_shop_yml(tea: Path) -> None:
    own = "shop: {id: t, name: {en: T, zh: T}, timezone: UTC, currency: EUR}\n"
    (tea / "shop.yml").write_text(own, encoding="utf-8")
    done = _run("init", tea, "--yes")
    assert done.returncode == 0, done.stderr
    assert (tea / "shop.yml").read_text(encoding="utf-8") == own
    assert "land --dry-run" in done.stdout


def test_init_asks_at_most_five_questions(tmp_path: Path) -> None:
    rows = "".join(f"A{i},0{1 + i}/04/2024,{10 + i}\n" for i in range(5))
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "orders.csv").write_text(f"Order ID,Order Date,Total\n{rows}", encoding="utf-8")
    answers = "Corner shop\nEurope/Berlin\neur\nmonth\nno\n"
    done = _run("init", folder, "--no-run", answers=answers)
    assert done.returncode == 0, done.stderr
    config = load_shop_config(folder / "shop.yml")
    assert config.shop.name.en == "Corner shop"
    assert (config.shop.timezone, config.shop.currency) == ("Europe/Berlin", "EUR")
    assert config.none == ("erp.refunds",)
    [orders] = config.feeds["erp.orders"]
    assert orders.columns["ordered_at"].format == ("%m/%d/%Y",)
    assert done.stderr.count("]: ") == 5


def test_wrong_answers_are_explained(tea: Path) -> None:
    zone = _run("init", tea, "--yes", "--no-run", "--timezone", "Asia/Peking")
    assert zone.returncode == 2 and "expected one such as Asia/Shanghai" in zone.stderr
    currency = _run("init", tea, "--yes", "--no-run", "--currency", "RMBX")
    assert currency.returncode == 2 and "expected an ISO code such as CNY" in currency.stderr
    assert not (tea / "shop.yml").exists()


def test_shops_live_side_by_side(tea: Path, tmp_path: Path) -> None:
    other = tmp_path / "european"
    assert _run("init", tea, "--yes", "--no-run").returncode == 0
    copied = _run("init", other, "--from", EXPORTS / "european", "--yes", "--no-run")
    assert copied.returncode == 0, copied.stderr
    assert (EXPORTS / "european" / "bestellungen.csv").exists()
    first, second = (load_shop_config(usual_config(home)).shop for home in (tea, other))
    assert (first.currency, second.currency) == ("CNY", "EUR")
    assert usual_config(tmp_path) == PROJECT / "shop.yml"


def test_an_empty_folder_becomes_an_empty_shop(tmp_path: Path) -> None:
    done = _run("init", tmp_path / "new", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Put exports into the inbox" in done.stdout
    assert load_shop_config(tmp_path / "new" / "shop.yml").mappings == []


def _sum(name: str, header: str) -> Decimal:
    """The sum of a column of an export, without lines above the header and the row of totals."""
    lines = (EXPORTS / "chinese_erp" / name).read_text(encoding="gb18030").splitlines()
    start = next(i for i, line in enumerate(lines) if header in line.split(","))
    rows = csv.DictReader(lines[start:])
    return sum((Decimal(row[header]) for row in rows if row[next(iter(row))] != "合计"), Decimal(0))


def test_init_ends_with_the_first_page(tea: Path) -> None:
    done = _run("init", tea, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    released = tea / "serving" / "current"
    assert (released / "page.html").stat().st_size > 100_000
    assert "report page" in done.stdout
    with duckdb.connect(str(released / "shop360.duckdb"), read_only=True) as con:
        [(net,)] = con.execute("select sum(net_amount) from marts.daily_sales").fetchall()
        [(customers,)] = con.execute("select count(*) from marts.customer_360").fetchall()
    assert net == _sum("销售明细表.csv", "金额") - _sum("退货单.csv", "退款金额")
    assert customers == 9


@pytest.mark.thorough
def test_a_real_set_needs_no_mapping_by_hand(tmp_path: Path) -> None:
    exports = real_data("crm_erp")
    done = _run(
        "init", tmp_path / "bikes", "--from", exports, "--yes", "--no-refunds", "--currency", "USD"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    released = tmp_path / "bikes" / "serving" / "current" / "shop360.duckdb"
    with duckdb.connect(str(released), read_only=True) as con:
        [(orders, net)] = con.execute(
            "select count(*), sum(net_amount) from marts.orders"
        ).fetchall()
        [(customers,)] = con.execute("select count(*) from marts.customer_360").fetchall()
    documented = (
        f"{customers:,} customers, {orders:,} of 27,659 orders, and net sales of {net:,.2f}"
    )
    assert documented in (REPO / "docs" / "first-hour.md").read_text(encoding="utf-8")
