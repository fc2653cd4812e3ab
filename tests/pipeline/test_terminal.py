"""What people and programs see of a shop: nothing is cut at 80 columns, and everything has its JSON."""

import csv
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text
from shops import REPO, Shop

from orchestration.config.settings import load_settings
from orchestration.reports.metrics_errors import near
from orchestration.reports.status import status
from orchestration.terminal.json_output import as_json
from orchestration.terminal.tables import print_table, print_text

WIDE = "select * from marts.customer_360 limit 3"


def _seen(shop: Shop, *arguments: str, columns: int = 80) -> str:
    """What a terminal of so many columns gets to show, without colours."""
    master, slave = pty.openpty()
    command = [Path(sys.executable).with_name("shop360"), *arguments, "--home", shop.home]
    environment = {**os.environ, "COLUMNS": str(columns), "LINES": "24", "TERM": "xterm"}
    process = subprocess.Popen(
        list(map(str, command)), stdin=slave, stdout=slave, stderr=slave, cwd=REPO, env=environment
    )
    os.close(slave)
    found = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        found += part
    process.wait()
    os.close(master)
    assert process.returncode == 0, found.decode()
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", found.decode()).replace("\r", "")


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("goals",),
        ("digest",),
        ("alerts", "--days", "500"),
        ("identity", "report"),
        ("query", WIDE),
    ],
    ids=lambda command: command[0],
)
def test_nothing_is_cut_at_80_columns(demo_shop: Shop, command: tuple[str, ...]) -> None:
    piped = demo_shop.cli(*command)
    assert piped.returncode == 0, piped.stderr
    for text in (piped.stdout, _seen(demo_shop, *command)):
        assert text.strip()
        assert "…" not in text
    assert [line for line in piped.stdout.splitlines() if line != line.rstrip()] == []
    assert "\x1b" not in piped.stdout


def test_a_wide_answer_is_shown_as_records_in_full(demo_shop: Shop) -> None:
    answer = demo_shop.cli("query", WIDE).stdout
    rows = list(csv.DictReader(demo_shop.cli("query", WIDE, "--csv").stdout.splitlines()))
    assert len(rows) == 3
    for name, value in rows[0].items():
        assert re.search(rf"^ {name} +{re.escape(value or 'NULL')}$", answer, re.MULTILINE), name


def test_an_answer_of_many_wide_columns_in_a_terminal_is_whole(demo_shop: Shop) -> None:
    seen = _seen(demo_shop, "query", WIDE, columns=80)
    assert "customer_id" in seen and "registered_on" in seen


def test_query_json_keeps_every_digit(demo_shop: Shop) -> None:
    sql = "select 12345678901234.1230::decimal(18, 4) as d, date '2026-01-02' as day_on, null as n, 'x' as d"
    done = demo_shop.cli("query", sql, "--json")
    [row] = json.loads(done.stdout, parse_float=Decimal)
    assert row == {
        "d": Decimal("12345678901234.1230"),
        "day_on": "2026-01-02",
        "n": None,
        "d_2": "x",
    }
    assert "12345678901234.1230" in done.stdout


def test_csv_and_json_together_are_refused(demo_shop: Shop) -> None:
    done = demo_shop.cli("query", "select 1", "--csv", "--json")
    assert done.returncode == 1 and "exclude each other" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("goals",),
        ("alerts",),
        ("digest",),
        ("identity", "report"),
        ("query", WIDE),
        ("land", "--dry-run"),
    ],
    ids=lambda command: command[0],
)
def test_every_report_has_json(demo_shop: Shop, command: tuple[str, ...]) -> None:
    done = demo_shop.cli(*command, "--json")
    assert json.loads(done.stdout) is not None, done.stderr


def test_status_is_late_by_each_feed_s_own_rhythm(demo_shop: Shop) -> None:
    last = max(row[0] for row in demo_shop.ask("select last_on from meta.coverage") if row[0])
    settings = load_settings(demo_shop.home)

    def states(days: int) -> dict[str, set[str]]:
        today = date.fromordinal(last.toordinal() + days)
        found: dict[str, set[str]] = {}
        for feed in status(settings, today).feeds:
            found.setdefault(feed["feed"], set()).add(feed["state"])
        return found

    assert states(1)["web.events"] == {"on time"}
    assert states(1)["ads.daily_spend"] == {"on time"}
    assert states(5)["web.events"] == states(5)["ads.daily_spend"] == {"late"}
    assert states(900)["erp.promotions"] == states(900)["erp.products"] == {"static"}
    assert states(900)["erp.refunds"] == {"late"}


def test_status_says_in_words_what_is_late(demo_shop: Shop) -> None:
    shown = demo_shop.cli("status").stdout
    assert re.search(r"days old, late: usually daily", shown)
    lists = [line for line in shown.splitlines() if "static list" in line]
    assert lists and not [line for line in lists if "days old" in line]
    assert "generations kept" in shown and "success" in shown


def test_status_and_explain_start_without_heavy_packages(demo_shop: Shop) -> None:
    [(customer,)] = demo_shop.ask("select min(customer_id) from marts.customer_360")
    for command in (["status"], ["explain", customer]):
        code = f"""import sys
sys.argv = ["shop360", *{command!r}, "--home", {str(demo_shop.home)!r}]
from orchestration.commands.main import app
try:
    app()
except SystemExit as end:
    assert not end.code
heavy = "pandas", "numpy", "pyarrow", "dagster", "great_expectations", "pydantic"
found = [name for name in heavy if sys.modules.get(name)]
print(found, file=sys.stderr)
sys.exit(bool(found))"""
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, cwd=REPO, check=False
        )
        assert done.returncode == 0, done.stderr


def _printed(width: int, heads: list[str], rows: list[list[object]], capsys) -> str:
    print_table(heads, rows, page=Console(width=width, highlight=False))
    return capsys.readouterr().out


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_a_table_of_any_width_keeps_every_word(width: int, capsys) -> None:
    heads = [f"column_{number}" for number in range(12)]
    rows: list[list[object]] = [[f"word{i} 数据覆盖 {i:09}" for i in range(12)], [None] * 12]
    answer = _printed(width, heads, rows, capsys)
    for word in (*heads, *(f"word{i}" for i in range(12)), *(f"{i:09}" for i in range(12))):
        assert re.search(rf"\b{word}\b", answer), word
    if width >= 200:
        assert max(cell_len(line) for line in answer.splitlines()) <= width


def test_cells_wrap_between_words(capsys) -> None:
    answer = _printed(40, ["name", "text"], [["a", "several words that need two lines"]], capsys)
    assert all(cell_len(line) <= 40 for line in answer.splitlines())
    assert " ".join(answer.split()) == "name text a several words that need two lines"


def test_long_cells_wrap_below_their_own_column(capsys) -> None:
    page = Console(width=40, force_terminal=True, color_system=None, highlight=False)
    heads = [f"measure_{number}" for number in range(9)]
    print_table(heads, [["several words that need two lines", *range(8)]], page=page)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [" measure_0  several words that need two", "            lines"]
    print_text("  ✗ a file that\n    cannot be read by anybody of this company", page, hang=6)
    assert capsys.readouterr().out.splitlines() == [
        "  ✗ a file that",
        "    cannot be read by anybody of this",
        "      company",
    ]


def test_control_characters_of_a_cell_do_not_reach_the_terminal(capsys) -> None:
    answer = _printed(80, ["name"], [["\x1b[31mred\nline"]], capsys)
    assert "\\x1b[31mred\\nline" in answer and "\x1b" not in answer


def test_json_has_no_form_for_infinity() -> None:
    assert as_json([float("nan"), Decimal("0E-4"), Text("x")]) == '[null, 0.0000, "x"]'


def test_an_unknown_name_gets_the_nearest() -> None:
    assert "net_sales" in near("net_salse", ["net_sales", "orders"], "")


def test_progress_moves_in_a_terminal_and_in_a_pipe(demo_shop: Shop, tmp_path: Path) -> None:
    """Landing alone, to be quick: the stages of a run are shown by the same code."""
    # So many files that pictures are drawn between the first and the last of them.
    for folder in ("crm", "erp"):
        shutil.copytree(demo_shop.home / "inbox" / folder, tmp_path / "inbox" / folder)
    shop = Shop(tmp_path / "home", inbox=tmp_path / "inbox")
    assert shop.cli("init").returncode == 0
    frames = _frames(shop)
    counts = [int(found) for found in re.findall(r"(\d+) of \d+ ", frames)]
    assert len(set(counts)) > 2 and counts == sorted(counts)
    assert "Starting" in frames and ".csv" in frames
    shutil.rmtree(shop.home)
    assert shop.cli("init").returncode == 0
    arrived, ended = _arrivals(shop)
    assert [text.split(":")[0] for _, text in arrived][:2] == ["Starting", "Landing files"]
    assert arrived[0][0] < ended - 0.5


def _frames(shop: Shop) -> str:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        shop._command("land"), stdin=slave, stdout=subprocess.DEVNULL, stderr=slave, cwd=REPO,
        env={**os.environ, "COLUMNS": "80", "LINES": "24", "TERM": "xterm"},
    )  # fmt: skip
    os.close(slave)
    found = b""
    while process.poll() is None or select.select([master], [], [], 0)[0]:
        if select.select([master], [], [], 0.2)[0]:
            try:
                found += os.read(master, 65536)
            except OSError:
                break
    process.wait()
    os.close(master)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", found.decode(errors="replace"))


def _arrivals(shop: Shop) -> tuple[list[tuple[float, str]], float]:
    process = subprocess.Popen(
        shop._command("land"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPO,
    )
    assert process.stderr
    arrived = [
        (time.monotonic(), line.strip())
        for line in process.stderr
        if not line.startswith(("✗", "!"))
    ]
    process.wait()
    return arrived, time.monotonic()
