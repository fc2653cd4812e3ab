"""The identity report: its figures are the warehouse's, and it tells no values."""

import csv
import io
import json
import shutil
from pathlib import Path

import duckdb
import pytest
from shops import Shop

from orchestration.config.settings import load_settings
from orchestration.reports.identity_print import print_csv, print_tables
from orchestration.reports.identity_report import NothingResolved, Report, identity_report
from orchestration.terminal.json_output import print_json


@pytest.fixture(scope="module")
def report(demo_shop: Shop) -> Report:
    """The report of the demo shop."""
    return identity_report(load_settings(demo_shop.home))


def _rows(report: Report, code: str) -> list[dict]:
    (section,) = [section for section in report.sections if section.code == code]
    return [dict(zip(section.columns, row, strict=True)) for row in section.rows]


def test_sizes_and_largest_customers_count_every_record_once(
    demo_shop: Shop, report: Report
) -> None:
    ((records, customers, described),) = demo_shop.ask_warehouse(
        """select count(*), count(distinct customer_id), count(*) filter (record_type <> 'order')
           from intermediate.int_identity__customer_map"""
    )
    sizes = _rows(report, "sizes")
    assert {row["size"] for row in sizes} <= {"0", "1", "2", "3-5", "6-10", "11+"}
    assert sum(row["records"] for row in sizes) == records
    assert sum(row["crm_erp_records"] for row in sizes) == described
    assert sum(row["customers"] for row in sizes) == customers
    assert sum(row["customers_by_crm_erp"] for row in sizes) == customers
    (twos,) = [row for row in sizes if row["size"] == "2"]
    assert twos["records"] == 2 * twos["customers"] > 0
    largest = _rows(report, "largest")
    assert [row["records"] for row in largest] == sorted(
        (row["crm"] + row["erp"] + row["orders"] for row in largest), reverse=True
    )


def test_hubs_and_coverage_are_those_of_the_build(demo_shop: Shop, report: Report) -> None:
    assert [row["people"] for row in _rows(report, "hubs")][:3] == [32, 32, 32]
    ((identifiers,),) = demo_shop.ask_warehouse(
        "select count(*) from intermediate.int_identity__excluded_identifiers"
    )
    assert sum(row["identifiers"] for row in _rows(report, "excluded")) == identifiers
    coverage = {row["platform"]: row for row in _rows(report, "coverage")}
    assert coverage["tmall"]["strong_share"] == 1 and coverage["pdd"]["strong_share"] == 0


def test_accuracy_shows_shares_with_both_of_their_terms(report: Report) -> None:
    measures = {row["measure"]: row for row in _rows(report, "accuracy")}
    for row in measures.values():
        assert row["value"] == row["numerator"] / row["denominator"]
    assert measures["precision"]["numerator"] == measures["recall"]["numerator"]
    assert measures["traceable_recall"]["denominator"] < measures["recall"]["denominator"]
    assert len(_rows(report, "traps")) >= 20


def test_programs_read_what_people_read(
    demo_shop: Shop, report: Report, capsys: pytest.CaptureFixture[str]
) -> None:
    done = demo_shop.cli("identity", "report", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    print_json(report.facts())
    assert json.loads(capsys.readouterr().out) == found
    for section in report.sections:
        if not section.missing:
            assert found[section.code] == _rows(report, section.code)
    print_csv(report)
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(lines) == sum(len(s.columns) * len(s.rows) for s in report.sections)
    (pairs,) = {row["denominator"] for row in found["accuracy"] if row["measure"] == "precision"}
    assert {
        "section": "accuracy",
        "row": "1",
        "column": "denominator",
        "value": str(pairs),
    } in lines
    print_tables(report)
    text = capsys.readouterr().out
    assert f"{pairs:,}" in text and "手机号" in text and "召回率" in text


def test_the_report_names_no_phone_card_mail_or_name(
    demo_shop: Shop, report: Report, capsys: pytest.CaptureFixture[str]
) -> None:
    values = demo_shop.ask_warehouse(
        """select distinct unnest([phone, email, member_card_no, full_name, wechat_unionid])
           from raw.crm_customers
           union select distinct unnest([phone, platform_buyer_id, receiver_name]) from raw.erp_orders"""
    )
    print_tables(report)
    print_csv(report)
    text = capsys.readouterr().out
    # The notes of the traps quote no person's values.
    public = {"13800138000", "00000000000"}
    shown = {value for (value,) in values if value and len(value) > 1} - public
    assert len(shown) > 3000
    assert {value for value in shown if value in text} == set()


def _copy(shop: Shop, home: Path) -> Path:
    warehouse = load_settings(home).warehouse
    warehouse.parent.mkdir(parents=True)
    shutil.copy(load_settings(shop.home).warehouse, warehouse)
    return warehouse


def test_reviews_and_changes_are_told_where_a_build_has_them(
    demo_shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = _copy(demo_shop, tmp_path / "home")
    with duckdb.connect(str(warehouse)) as con:
        con.execute(
            """create or replace table marts.identity_review as
            select * from (values ('a', 'two_cards', 'phone', 2), ('b', 'two_cards', 'phone', 3),
                ('c', 'likely_same', null, 2)) as r (review_key, reason, id_type, customer_count);
            create or replace table marts.identity_changes as
            select * from (values ('c1', 'born'), ('c2', 'born'), ('c1', 'merged'), ('c1', 'merged'))
                as r (customer_id, change)"""
        )
    report = identity_report(load_settings(tmp_path / "home"))
    assert _rows(report, "review") == [
        {"reason": "two_cards", "id_type": "phone", "entries": 2, "customers": 5},
        {"reason": "likely_same", "id_type": None, "entries": 1, "customers": 2},
    ]
    assert _rows(report, "changes") == [
        {"change": "born", "changes": 2, "customers": 2},
        {"change": "merged", "changes": 2, "customers": 1},
    ]
    # Without a known truth there is no accuracy, and the report says so.
    (accuracy,) = [section for section in report.sections if section.code == "accuracy"]
    assert str(warehouse.parent / "truth") in accuracy.missing
    print_json(report.facts())
    assert json.loads(capsys.readouterr().out)["accuracy"] is None


def test_a_build_without_reviews_is_reported_all_the_same(demo_shop: Shop, tmp_path: Path) -> None:
    warehouse = _copy(demo_shop, tmp_path / "home")
    with duckdb.connect(str(warehouse)) as con:
        for name in ("identity_review", "identity_changes"):
            con.execute(f"drop table if exists marts.{name}")
    report = identity_report(load_settings(tmp_path / "home"))
    assert [s.code for s in report.sections if s.missing] == ["review", "changes", "accuracy"]


def test_without_a_build_the_report_says_what_to_do(demo_shop: Shop, tmp_path: Path) -> None:
    empty = Shop(tmp_path / "empty")
    refused = empty.cli("identity", "report")
    assert refused.returncode == 2 and "shop360 init" in refused.stderr and not refused.stdout
    landed = tmp_path / "landed"
    load_settings(landed).private.mkdir(parents=True)
    duckdb.connect(str(load_settings(landed).warehouse)).close()
    with pytest.raises(NothingResolved, match="shop360 run"):
        identity_report(load_settings(landed))
    with pytest.raises(NothingResolved, match="Spark"):
        identity_report(load_settings(demo_shop.home, target="spark"))
