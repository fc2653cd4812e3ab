"""The gate: what has to be built and checked before a release, on a project of three nodes."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.config.settings import Settings, load_settings
from orchestration.engines.warehouse import connect
from orchestration.landing.write.tables import prepare
from orchestration.quality import check_results, failed_checks
from orchestration.release import build_facts, gate, retired_models
from orchestration.reports.status import status
from orchestration.reports.status_print import print_status

STAGED, ORDERS, CALENDAR = "model.shop360.int_x", "model.shop360.orders", "model.shop360.calendar"
TEST, WARNING = "test.shop360.orders_unique.1", "test.shop360.orders_warned.2"


def _node(kind: str, schema: str = "marts", reads: tuple[str, ...] = (), severity: str = "ERROR"):
    return {
        "resource_type": kind,
        "name": "",
        "description": "",
        "columns": {},
        "config": {"schema": schema, "severity": severity},
        "depends_on": {"nodes": list(reads)},
    }


NODES = {
    STAGED: _node("model", "intermediate"),
    ORDERS: _node("model", reads=(STAGED,)),
    CALENDAR: _node("model"),
    TEST: _node("test", "tests", (ORDERS,)),
    WARNING: _node("test", "tests", (ORDERS,), "WARN"),
}
GREEN = {STAGED: "success", ORDERS: "success", CALENDAR: "success", TEST: "pass", WARNING: "warn"}


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where one file has landed; tests take copies of it."""
    found = load_settings(home=tmp_path_factory.mktemp("landed"))
    found.dbt_target.mkdir(parents=True)
    (found.dbt_target / "manifest.json").write_text(json.dumps({"nodes": NODES}))
    with connect(found) as con:
        prepare(con)
    _land(found)
    return found.home


@pytest.fixture
def settings(landed: Path, tmp_path: Path) -> Settings:
    config = tmp_path / "shop.yml"
    config.write_text("shop: {}")
    shutil.copytree(landed, tmp_path / "home")
    return load_settings(home=tmp_path / "home", config=config)


def _land(settings: Settings) -> None:
    with connect(settings) as con:
        con.execute(
            "insert into meta.files by name select 'b1' as batch_id, 'landed' as status;"
            "insert into raw.erp_orders by name select '1' as order_id"
        )


def _build(settings: Settings, statuses: Mapping[str, str]) -> None:
    build_facts.end(settings, build_facts.begin(settings, "run-1"), statuses)


def _green(settings: Settings) -> None:
    build_facts.record_raw_checks(settings, {"erp.orders": True})
    _build(settings, GREEN)


def _reason(settings: Settings) -> str:
    with connect(settings) as con:
        try:
            gate.assert_open(settings, con)
        except gate.NothingToRelease as closed:
            return str(closed)
    return ""


def test_a_full_green_build_opens_the_gate(settings: Settings) -> None:
    assert "not been built yet" in _reason(settings)
    _green(settings)
    assert _reason(settings) == ""


def test_a_partial_build_after_a_landing_keeps_it_closed(settings: Settings) -> None:
    _green(settings)
    _land(settings)
    _build(settings, {CALENDAR: "success"})
    reason = _reason(settings)
    assert "int_x, orders were not built since the last landing" in reason
    assert "raw checks of erp.orders" in reason
    # A landing that only replaces rows leaves the number of rows as it was.
    _green(settings)
    with connect(settings) as con:
        con.execute("insert into meta.files by name select 'b0' as batch_id, 'landed' as status")
    assert "not built since the last landing" in _reason(settings)


def test_marts_built_alone_from_old_tables_keep_it_closed(settings: Settings) -> None:
    _green(settings)
    _land(settings)
    build_facts.record_raw_checks(settings, {"erp.orders": True})
    _build(settings, {name: status for name, status in GREEN.items() if name != STAGED})
    assert "int_x was not built since the last landing" in _reason(settings)
    _build(settings, {STAGED: "success"})
    assert "orders was built before a table that it reads" in _reason(settings)


@pytest.mark.parametrize("status", ["fail", "error", "skipped"])
def test_a_blocking_test_that_did_not_pass_keeps_it_closed(settings: Settings, status: str) -> None:
    _green(settings)
    _build(settings, {**GREEN, TEST: status})
    assert "orders_unique was not passed since then" in _reason(settings)
    _build(settings, {TEST: "pass"})
    assert _reason(settings) == ""


def test_a_model_built_again_needs_its_tests_again(settings: Settings) -> None:
    _green(settings)
    _build(settings, {ORDERS: "success"})
    assert "orders_unique was not passed since then" in _reason(settings)


def test_a_failed_raw_check_keeps_it_closed(settings: Settings) -> None:
    _green(settings)
    build_facts.record_raw_checks(settings, {"erp.orders": False})
    assert "raw checks of erp.orders" in _reason(settings)


def test_a_build_that_was_interrupted_keeps_it_closed(settings: Settings) -> None:
    _green(settings)
    build_facts.begin(settings, "killed")
    assert "a start of dbt was interrupted" in _reason(settings)
    _build(settings, {CALENDAR: "success"})
    assert "a start of dbt was interrupted" in _reason(settings)
    _green(settings)
    assert _reason(settings) == ""


def test_a_changed_configuration_keeps_it_closed(settings: Settings, tmp_path: Path) -> None:
    _green(settings)
    other = tmp_path / "other.yml"
    other.write_text("shop: {timezone: UTC}")
    assert "shop.yml have changed" in _reason(replace(settings, config=other))


def test_results_of_a_partial_run_leave_the_others(settings: Settings) -> None:
    def row(name: str, passed: bool) -> tuple:
        return ("r", "dbt", name, passed, "error", 0, None, None)

    check_results.save(settings, "dbt", [row("a", True), row("b", True), row("old", True)], [*"ab"])
    check_results.save(settings, "dbt", [row("b", False)], [*"ab"])
    with connect(settings) as con:
        kept = con.execute("select check_name, is_passed from meta.check_results order by 1")
        assert kept.fetchall() == [("a", True), ("b", False)]


def test_a_failed_check_shows_days_keys_amounts_not_persons(settings: Settings) -> None:
    sql = (
        "select date '2026-03-01' as sales_on, 'a|1' as order_key, cast(10 as decimal(18, 4)) as paid_amount,"
        " '王小明' as receiver_name, '13912345678' as phone, '13912345678' as identifier_key"
    )
    test = {"failures": 1, "message": "Got 1 result, configured to fail if != 0"}
    failed = {**test, "unique_id": "test.shop360.money", "status": "fail", "compiled_code": sql}
    passed = {**failed, "unique_id": "test.shop360.other", "status": "pass"}
    check_results.save_dbt(settings, "r", [failed, passed], ["money", "other"])
    [check] = failed_checks.read(settings) or ()
    assert (check["check"], check["failures"]) == ("money", 1)
    [row] = check["rows"]
    assert row == {"sales_on": "2026-03-01", "order_key": "a|1", "paid_amount": "10.0000"}
    assert failed_checks.in_words(row) == "sales_on 2026-03-01, order_key a|1, paid_amount 10.0000"
    # Once it passes, nothing of it stays.
    check_results.save_dbt(settings, "s", [{**failed, "status": "pass"}], ["money", "other"])
    assert failed_checks.read(settings) == ()


def test_status_shows_the_rows_of_a_failed_check(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = '[{"sales_on": "2026-03-01", "paid_amount": "10.0000"}]'
    result = ("r", "dbt", "money", False, "error", 1, None, rows)
    check_results.save(settings, "dbt", [result], ["money"])
    found = status(settings)
    assert [check["rows"] for check in found.failed_checks] == [json.loads(rows)]
    print_status(settings, found)
    assert "sales_on 2026-03-01, paid_amount 10.0000" in capsys.readouterr().out


def test_tables_of_retired_models_are_removed_and_no_others(settings: Settings) -> None:
    retired = {"model.shop360.old_mart": "success", "seed.shop360.old_seed": "success"}
    _build(settings, {**GREEN, **retired})
    with connect(settings) as con:
        con.execute(
            "create schema marts; create schema seeds; create table marts.orders as select 1 as id;"
            "create table marts.old_mart as select 1 as id; create view seeds.old_seed as select 1 as id;"
            "create table marts.analysts_own as select 1 as id"
        )
    assert retired_models.drop(settings) == ["marts.old_mart", "seeds.old_seed"]
    assert retired_models.drop(settings) == []
    with connect(settings) as con:
        left = con.execute("select table_name from duckdb_tables() where schema_name = 'marts'")
        assert sorted(left.fetchall()) == [("analysts_own",), ("orders",)]
