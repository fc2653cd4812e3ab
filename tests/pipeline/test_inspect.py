"""What `shop360 inspect` says of exports: known ones by their profile, unknown ones by words and cells."""

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import duckdb
import pytest
from landing_kit import real_data
from profile_fixtures import fixture, profiles
from proposal_score import Score, folder_score, listed, proposed, right_columns, score
from shops import REAL_DATA, REPO

from orchestration.config.mapping_check import Checker
from orchestration.config.shop_config import load_shop_config
from orchestration.config.yaml_file import read_yaml
from orchestration.discovery.block_text import text_of
from orchestration.discovery.deliveries import named
from orchestration.discovery.exports import read_exports
from orchestration.discovery.proposal import Proposal, propose
from orchestration.discovery.tables import Opener
from orchestration.discovery.trial import try_landing

UNKNOWN = REPO / "tests" / "support" / "unknown_exports"
RIGHT = right_columns(UNKNOWN / "right_columns.yml")
DOCUMENTED = REPO / "docs" / "first-hour.md"


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("shop360")), *map(str, arguments)]
    env = {**os.environ, "COLUMNS": "80"}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPO, env=env)


def _propose(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Proposal:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return propose(named([path]))


def test_every_profile_s_export_is_recognised(tmp_path: Path) -> None:
    missed = {}
    for name in profiles():
        (tmp_path / name).mkdir()
        export = fixture(name).export
        (tmp_path / name / export.name).write_bytes(export.content())
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as con:
        opener = Opener(con, Path(scratch))
        for name in profiles():
            exports, _ = read_exports(con, opener, named([tmp_path / name]), lambda *_: None)
            found = [one.profile for export in exports for one in export.profiles]
            if name not in found:
                missed[name] = found
    # Two columns of a list of staff, which the profile of the contacts describes better.
    assert missed == {"wecom_identifiers": ["wecom_customers"]}


@cache
def _proposed(name: str) -> Proposal:
    """What is proposed for a set of layouts without a profile."""
    return propose(named([UNKNOWN / name]))


def _score(name: str) -> Score:
    return score(listed(RIGHT[name]), proposed(_proposed(name)))


@pytest.mark.parametrize("name", RIGHT)
def test_unknown_layouts_get_the_right_columns(name: str) -> None:
    found = _score(name)
    assert found.wrong == []
    assert found.right >= 0.9 * found.total, found.missing


def _row(name: str) -> str:
    """The row of docs/first-hour.md for a set of exports."""
    rows = [
        line
        for line in DOCUMENTED.read_text(encoding="utf-8").splitlines()
        if line.startswith(f"| {name} |")
    ]
    assert len(rows) == 1, name
    return rows[0]


@pytest.mark.parametrize("name", ["crm_erp", "northwind"])
def test_real_sets_get_the_documented_columns(name: str) -> None:
    found = folder_score(real_data(name), REPO / "examples" / name / "shop.yml")
    documented = f"| {name} | {found.right} | {len(found.wrong)} | {len(found.missing)} |"
    assert _row(name) == documented, (found.wrong, found.missing)


@pytest.mark.parametrize("name", ["ads", "clickstream", "attribution"])
def test_real_sets_without_an_example_are_documented(name: str) -> None:
    right = right_columns(UNKNOWN / "right_columns_of_real_sets.yml")
    found = folder_score(real_data(name), right[name])
    documented = f"| {name} | {found.right} | {len(found.wrong)} | {len(found.missing)} |"
    assert _row(name) == documented, (found.wrong, found.missing)


def test_inboxes_of_cases_get_the_documented_columns() -> None:
    cases = REAL_DATA.parent / "cases"
    if not cases.is_dir():
        pytest.skip(f"{cases} is absent; set SHOP360_REAL_DATA to the folder beside it")
    total = [0, 0, 0]
    for case in sorted(path for path in cases.iterdir() if path.is_dir()):
        found = folder_score(case / "inbox", case / "shop.yml")
        assert found.wrong == [], case.name
        total = [a + b for a, b in zip(total, (found.right, 0, len(found.missing)), strict=True)]
    assert total[0] >= 190 and total[2] <= 0.02 * sum(total)


def test_unknown_layouts_are_documented() -> None:
    found = [_score(name) for name in RIGHT]
    sums = [
        sum(s.right for s in found),
        sum(len(s.wrong) for s in found),
        sum(len(s.missing) for s in found),
    ]
    assert (
        _row("layouts without a profile")
        == f"| layouts without a profile | {' | '.join(map(str, sums))} |"
    )


@pytest.mark.parametrize("name", RIGHT)
def test_proposed_mappings_land_every_record(name: str) -> None:
    found = named([UNKNOWN / name])
    report = try_landing(_proposed(name).blocks, found, "Asia/Shanghai", "CNY")
    assert [file.error for file in report.rejected] == []
    assert [(r.file, r.reason_code) for r in report.reasons if not r.is_no_record] == []
    assert report.files and all(file.counts.read for file in report.files)


def test_a_proposal_is_a_valid_shop_yml(tmp_path: Path) -> None:
    text = text_of(propose(named([UNKNOWN])).blocks)
    shop = "shop: {id: s, name: {en: S, zh: 店}, timezone: Asia/Shanghai, currency: CNY}\n"
    (tmp_path / "shop.yml").write_text(shop + text, encoding="utf-8")
    config = load_shop_config(tmp_path / "shop.yml")
    assert len(config.mappings) >= 20
    assert Checker().problems == []


def test_returns_among_lines_become_refunds(tmp_path: Path) -> None:
    text = "订单编号,子单号,货号,数量,单价,金额,状态,时间\nW1,1,P,2,50,100,已完成,2024-06-18 10:00:00\nW1,1-R,P,-1,50,-50,已完成,2024-06-20 10:00:00\n"
    blocks = {block.feed: block.content for block in _propose(tmp_path, "wdt.csv", text).blocks}
    assert blocks["erp.order_lines"]["where"] == {"数量": ">= 0"}
    assert blocks["erp.orders"]["where"] == {"数量": ">= 0"}
    assert blocks["erp.refunds"]["where"] == {"数量": "< 0"}
    assert blocks["erp.refunds"]["columns"]["refunded_amount"] == {"from": "金额", "factor": "-1"}
    assert blocks["erp.refunds"]["columns"]["refunded_at"] == "时间"


def test_a_renamed_header_of_a_profile_is_proposed(tmp_path: Path) -> None:
    text = "统计日期,店铺访客数,浏览量,跳失率,加购人数,支付买家数,支付金额\n2024-06-18,12,34,45.3%,3,1,99\n2024-06-19,13,35,40.1%,4,2,90\n"
    [block] = _propose(tmp_path, "sycm.csv", text).blocks
    assert block.content["profile"] == "sycm_shop_day"
    assert block.columns["visitors"] == ["访客数", "店铺访客数"]
    assert any("店铺访客数 instead of 访客数" in doubt for doubt in block.doubts)


@pytest.mark.parametrize(
    ("days", "wanted"),
    [
        (("03/04/2024", "25/04/2024"), "%d/%m/%Y"),
        (("03/04/2024", "04/25/2024"), "%m/%d/%Y"),
        (("03.04.2024 10:05", "25.04.2024 11:00"), "%d.%m.%Y %H:%M"),
    ],
)
def test_the_order_of_day_and_month_is_found(
    tmp_path: Path, days: tuple[str, str], wanted: str
) -> None:
    rows = "".join(f"A{i},{day},{10 + i}\n" for i, day in enumerate(days * 3))
    [block] = _propose(tmp_path, "orders.csv", f"Order ID,Order Date,Total\n{rows}").blocks
    assert block.columns["ordered_at"]["format"] == wanted
    assert block.unordered == []


def test_dates_without_evidence_are_a_question(tmp_path: Path) -> None:
    rows = "".join(f"A{i},0{1 + i}/04/2024,{10 + i}\n" for i in range(5))
    [block] = _propose(tmp_path, "orders.csv", f"Order ID,Order Date,Total\n{rows}").blocks
    assert block.unordered == ["ordered_at"]


def test_a_file_of_no_feed_gets_no_mapping(tmp_path: Path) -> None:
    text = "species,petal,sepal\nsetosa,1.4,0.2\nvirginica,5.5,1.8\nsetosa,1.3,0.2\n"
    proposal = _propose(tmp_path, "iris.csv", text)
    assert proposal.blocks == []
    assert [export.table.name for export in proposal.unknown] == ["iris.csv"]


def test_same_orders_in_two_exports_are_named(tmp_path: Path) -> None:
    rows = "".join(f"A{i},2024-06-{10 + i} 10:00:00,{50 + i}\n" for i in range(9))
    (tmp_path / "platform.csv").write_text(f"订单编号,下单时间,实付金额\n{rows}", encoding="utf-8")
    (tmp_path / "erp.csv").write_text(f"订单号,订单时间,支付金额\n{rows}", encoding="utf-8")
    proposal = propose(named([tmp_path]))
    assert any("both list the same orders" in text for text in proposal.relations)


def test_new_files_are_related_to_mapped_ones(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    (shop / "inbox").mkdir(parents=True)
    rows = [f"A{i},2024-06-{10 + i} 10:00:00,{50 + i}" for i in range(9)]
    (shop / "inbox" / "orders.csv").write_text(
        "订单编号,下单时间,实付金额\n" + "\n".join(rows), encoding="utf-8"
    )
    (shop / "shop.yml").write_text(
        "shop: {id: s, name: {en: S, zh: 店}, timezone: Asia/Shanghai, currency: CNY}\n"
        "feeds: {erp.orders: [{files: orders.csv, source_system: erp, columns: {order_id: 订单编号, status: {const: completed}, ordered_at: 下单时间}}]}\n",
        encoding="utf-8",
    )
    new = "".join(f"R{i},A{i},9.9,2024-07-0{1 + i}\n" for i in range(7))
    (tmp_path / "refunds.csv").write_text(
        f"退款编号,订单编号,退款金额,退款时间\n{new}", encoding="utf-8"
    )
    done = _run("inspect", tmp_path / "refunds.csv", "--home", shop)
    assert done.returncode == 0, done.stderr
    assert "refunds.csv and orders.csv: 100% of 订单编号 and 订单编号 are equal" in done.stdout
    assert "erp.orders:" not in done.stdout.partition("For shop.yml")[2]


def test_the_documented_count_of_profiles_is_true() -> None:
    count = len(profiles())
    assert f"[{count} kinds]" in (REPO / "README.md").read_text(encoding="utf-8")
    assert (
        f"Of the exports of the {count} profiles, {count - 1} are recognised"
        in DOCUMENTED.read_text(encoding="utf-8")
    )


def test_personal_values_are_not_shown(tmp_path: Path) -> None:
    persons = [("欧阳若曦", "13987654321", "ruoxi@mail.example", "330106199001011234")] * 4
    persons += [("诸葛清风", "13912345678", "qingfeng@mail.example", "110101199202022345")] * 4
    rows = "".join(f"K{i // 4},{','.join(person)},备注{i}\n" for i, person in enumerate(persons))
    (tmp_path / "会员.csv").write_text(
        f"会员编号,姓名,手机,邮箱,身份证号,备注\n{rows}", encoding="gb18030"
    )
    shown = _run("inspect", tmp_path / "会员.csv")
    as_json = _run("inspect", tmp_path / "会员.csv", "--json")
    for person in persons:
        for value in person:
            assert value not in shown.stdout + shown.stderr + as_json.stdout
    assert json.loads(as_json.stdout)["exports"][0]["feeds"] == ["crm.customers"]


def test_the_command_shows_and_writes_mappings(tmp_path: Path) -> None:
    target = tmp_path / "proposal.yml"
    done = _run("inspect", UNKNOWN / "chinese_erp", "--write", target)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert "erp.inventory" in read_yaml(target)["feeds"]
    tables = done.stdout.partition("For shop.yml")[0]
    assert max(len(line) for line in tables.splitlines() if line.startswith(" ")) <= 80
    assert "header in row 3" in done.stdout and "gb18030" in done.stdout


def test_exit_codes_of_inspect_are_true(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "torn.xlsx").write_bytes(b"PK\x03\x04 torn")
    assert _run("inspect", tmp_path / "x.csv").returncode == 1
    torn = _run("inspect", tmp_path / "torn.xlsx")
    assert torn.returncode == 1 and "not a readable Excel workbook" in torn.stdout
    absent = _run("inspect", tmp_path / "absent.csv")
    assert absent.returncode == 2 and "no such file or folder" in absent.stderr
