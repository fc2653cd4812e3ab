"""No text that is stored, printed or logged holds a personal value, whatever is refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from personal_traces import traces, traces_of
from refusals import PHONE, PLANTED, files, shop
from shops import Shop

from orchestration.config.settings import load_settings
from orchestration.engines.warehouse import connect, writer
from orchestration.system.masking import plain, safe

_META = ("files", "row_ledger", "control_totals", "batches")


def _texts(path: Path) -> list[str]:
    """Every text of the tables of meta that the release copies."""
    with duckdb.connect(str(path), read_only=True) as con:
        found = [str(row) for name in _META for row in con.execute(f"from meta.{name}").fetchall()]
        return found + [
            str(row) for row in con.execute("select reason from meta.quarantine").fetchall()
        ]


def test_the_search_finds_text_in_archives_and_databases(tmp_path: Path) -> None:
    import gzip
    import sqlite3
    import zipfile

    with duckdb.connect(str(tmp_path / "a.duckdb")) as con:
        con.execute(f"create table t as select 'x{PHONE}' as c from range(1000)")
    with sqlite3.connect(tmp_path / "b.db") as con:
        con.execute("create table t (c)")
        con.execute("insert into t values (?)", ["x" * 9000 + PHONE])
    (tmp_path / "c.gz").write_bytes(gzip.compress(PHONE.encode()))
    with zipfile.ZipFile(tmp_path / "d.zip", "w", zipfile.ZIP_DEFLATED) as sink:
        sink.writestr("in.csv", "王小明".encode("gb18030"))
    (tmp_path / "e.json").write_text(json.dumps("王小明"))
    found = [line.rsplit("/", 1)[1] for line in traces([tmp_path], [PHONE, "王小明"])]
    assert found == [f"a.duckdb: {PHONE}", f"b.db: {PHONE}", f"c.gz: {PHONE}", "d.zip: 王小明", "e.json: 王小明"]  # fmt: skip


def test_no_refusal_quotes_a_personal_value(tmp_path: Path) -> None:
    assert len(files(tmp_path)) >= 25
    landing = shop(tmp_path)
    report = landing.land()
    assert len(report.rejected) >= 18 and len({r.reason_code for r in report.reasons}) >= 9
    answer = [json.dumps(report.facts(), ensure_ascii=False, default=str)]
    answer += _texts(landing.settings.warehouse)
    assert [
        (text[:300], traces_of(text, PLANTED)) for text in answer if traces_of(text, PLANTED)
    ] == []


@pytest.mark.thorough
def test_no_personal_value_leaves_a_whole_run(tmp_path: Path) -> None:
    landing = shop(tmp_path, good=3000)
    home = Shop(landing.settings.home, landing.settings.config, landing.inbox, {"DBT_LOG_LEVEL_FILE": "debug"})  # fmt: skip
    answer = [
        home.cli("init"),
        home.cli("land", "--dry-run"),
        home.cli("land", "--dry-run", "--json"),
    ]
    answer += [home.cli("land"), home.cli("status"), home.cli("run"), home.cli("status")]
    shown = "".join(done.stdout + done.stderr for done in answer)
    assert answer[5].returncode == 0, shown
    assert traces_of(shown, PLANTED) == []
    private = landing.settings.private
    places = [landing.settings.serving, *(private / name for name in ("logs", "dagster", "dbt", "data_docs"))]  # fmt: skip
    assert all(place.exists() for place in places)
    assert traces(places, PLANTED) == []


def _write_project(folder: Path) -> None:
    (folder / "models").mkdir()
    (folder / "tests").mkdir()
    (folder / "dbt_project.yml").write_text("name: small\nprofile: small\nversion: '1.0'\n")
    (folder / "profiles.yml").write_text(
        f"small:\n  target: duckdb\n  outputs:\n    duckdb: {{type: duckdb, path: '{folder}/w.duckdb'}}\n"
    )
    (folder / "models" / "broken.sql").write_text(
        "{{ config(materialized='table') }} select cast(phone as tinyint) as n from raw.people"
    )
    (folder / "models" / "people.sql").write_text("select * from raw.people")
    (folder / "tests" / "broken_test.sql").write_text(
        "select 1 from {{ ref('people') }} where cast(phone || 'x' as date) is not null"
    )
    (folder / "tests" / "json_test.sql").write_text(
        "select 1 from {{ ref('people') }} where json(phone || '{') is not null"
    )
    with duckdb.connect(str(folder / "w.duckdb")) as con:
        con.execute(f"create schema raw; create table raw.people as select '{PHONE}' as phone")


def test_failing_models_and_tests_of_dbt_quote_no_value(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    _write_project(project)
    dbt = Path(sys.executable).with_name("shop360-dbt")
    done = subprocess.run(
        [dbt, "build", "--project-dir", project, "--profiles-dir", project, "--log-level-file", "debug"],
        capture_output=True,
        text=True,
        check=False,
        cwd=project,
        env={**os.environ, "DBT_TARGET_PATH": "target", "DBT_LOG_PATH": "logs", "SHOP360_TARGET": "duckdb"},
    )  # fmt: skip
    assert done.returncode == 1 and "source column phone" in done.stdout, done.stdout + done.stderr
    assert traces_of(done.stdout + done.stderr, PLANTED) == []
    assert traces([project / "target", project / "logs"], PLANTED) == []


def test_an_expectation_that_cannot_be_computed_quotes_no_value(tmp_path: Path) -> None:
    from orchestration.config.contract import load_contract
    from orchestration.landing.write.tables import prepare
    from orchestration.quality.checks import run_suites
    from orchestration.quality.suites import Suite

    settings = load_settings(home=tmp_path)
    with connect(settings) as con:
        prepare(con)
        con.execute(
            f"insert into raw.erp_orders by name select '{PHONE}' as order_id, '{PHONE}' as phone"
        )
    queries = (
        "select cast(phone || 'x' as date) from {batch}",
        "select order_id, phone from {batch}",
    )
    rules = [
        {"type": "unexpected_rows_expectation", "kwargs": {"unexpected_rows_query": query}}
        for query in queries
    ]
    rules.append({"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "phone", "value_set": ["x"]}})  # fmt: skip
    rules.append({"type": "expect_column_max_to_be_between", "kwargs": {"column": "phone", "max_value": "1"}})  # fmt: skip
    rules.append({"type": "expect_column_distinct_values_to_be_in_set", "kwargs": {"column": "phone", "value_set": ["x"]}})  # fmt: skip
    outcomes = run_suites(settings, [Suite(load_contract()["erp.orders"], rules)])
    assert not any(outcome.passed for outcome in outcomes)
    assert traces_of(str(outcomes), PLANTED) == []
    assert traces([settings.data_docs], PLANTED) == []


def test_an_error_within_a_step_quotes_no_value(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    with pytest.raises(duckdb.ConversionException) as caught, writer(settings, "testing"):
        duckdb.execute(f"select cast('{PHONE}x' as integer)")
    assert str(caught.value) == "Conversion Error: a value cannot be converted, type INT32"
    assert caught.value.__suppress_context__


def test_what_dbt_reads_of_an_error_of_spark_stays() -> None:
    text = f"(org.apache.spark.AnalysisException) [SCHEMA_NOT_FOUND] The schema `{PHONE}` cannot be found."
    assert "[SCHEMA_NOT_FOUND]" in plain(text) and PHONE not in plain(text)
    assert plain(plain(text)) == plain(text)
    refused = "SHOW TABLE EXTENDED is not supported for v2 tables"
    assert refused in plain(f"[NOT_SUPPORTED_COMMAND_FOR_V2_TABLE] {refused}.")


@pytest.mark.parametrize(
    "statement",
    [
        "select cast({v} as integer)",
        "select cast({v} as date)",
        "select json('{{' || {v})",
        "select error({v})",
        "select strptime({v}, '%Y')",
        "select cast({v} as enum('a'))",
        "select {v}::bigint::tinyint",
        "select 9223372036854775807 + {v}::bigint",
        "select * from read_csv({v})",
    ],
)
def test_a_database_error_loses_its_values_once_and_twice(statement: str) -> None:
    with pytest.raises(duckdb.Error) as caught:
        duckdb.execute(statement.format(v=f"'{PHONE}'"))
    text = plain(caught.value)
    assert PHONE not in text and text.split(":")[0].endswith("Error")
    assert plain(text) == text
    assert PHONE not in str(safe(ValueError(f"invalid literal: {PHONE}")))
