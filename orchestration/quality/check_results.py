"""The last result of every check, and of one that did not pass its first rows: keys, days and amounts.

The rows never leave the private home: they stand in `meta.failing_rows` and, for `shop360 status` after a run
that released nothing, in a file that is read without the warehouse. Personal values are not among them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import duckdb

from orchestration.config.contract import load_contract
from orchestration.config.settings import Settings
from orchestration.engines.warehouse import connect
from orchestration.quality import failed_checks
from orchestration.system.masking import masked_row, plain

Row = dict[str, Any]

_CHECK_RESULTS = {
    "table meta.check_results": "One row per check: its last result.",
    "column meta.check_results.run_id": "Run that gave the result.",
    "column meta.check_results.tool": "dbt, or great_expectations.",
    "column meta.check_results.check_name": "Name or sentence of the check.",
    "column meta.check_results.is_passed": "Whether it passed.",
    "column meta.check_results.severity": "error stops the release, warn is shown.",
    "column meta.check_results.failure_count": "Rows that failed.",
    "column meta.check_results.message": "What the tool said.",
    "column meta.check_results.checked_at": "When, UTC.",
}

_MOST = 5
_LONGEST = 80
_SHOWN = re.compile(
    r".*(_id|_key|_ids|_on|_at)|period|feed|dimension|dimension_value|source_system|currency|status|platform"
    r"|channel|coverage|problem|reason|measure|report_level|state"
)
"""Names of columns whose texts say where a row is, or what is wrong with it; other texts are not shown."""


def save_dbt(
    settings: Settings, run_id: str, results: Sequence[Mapping[str, Any]], existing: Sequence[str]
) -> None:
    """Keep how the data tests of a start of dbt ended."""
    tests = [result for result in results if result["unique_id"].startswith("test.")]
    with connect(settings) as con:
        rows = [_of_dbt(con, run_id, test) for test in tests]
    save(settings, "dbt", rows, existing)


def save(
    settings: Settings, tool: str, rows: Sequence[tuple[Any, ...]], existing: Sequence[str]
) -> None:
    """Update the results of one tool: (run_id, tool, check, passed, severity, failures, message, rows as JSON).

    Results of other checks stay, unless the check is not among `existing` any more.
    """
    with connect(settings) as con:
        con.execute("create schema if not exists meta")
        con.execute(
            """create table if not exists meta.check_results (
                run_id varchar, tool varchar, check_name varchar, is_passed boolean,
                severity varchar, failure_count bigint, message varchar, checked_at timestamp)"""
        )
        con.execute(
            """create table if not exists meta.failing_rows (
                tool varchar, check_name varchar, failing_rows varchar)"""
        )
        for what, text in _CHECK_RESULTS.items():
            con.execute(f"comment on {what} is '{text}'")
        for table in ("check_results", "failing_rows"):
            con.execute(
                f"""delete from meta.{table} where tool = ?
                    and (check_name in (select unnest(?)) or check_name not in (select unnest(?)))""",
                [tool, [row[2] for row in rows], list(existing)],
            )
        if rows:
            con.executemany(
                "insert into meta.check_results values (?, ?, ?, ?, ?, ?, ?, now()::timestamp)",
                [row[:7] for row in rows],
            )
        if failing := [(tool, row[2], row[7]) for row in rows if row[7]]:
            con.executemany("insert into meta.failing_rows values (?, ?, ?)", failing)
        _remember(settings, con)


def forget_rows(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    """Keep how each check ended, and no row that it found; the next run finds what is still there."""
    if con.execute("select 1 from duckdb_tables() where table_name = 'failing_rows'").fetchone():
        con.execute("delete from meta.failing_rows")
        _remember(settings, con)


def public_rows(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Rows as JSON without personal values, and without texts that say neither where nor what."""
    personal = {c.name for feed in load_contract().values() for c in feed.columns.values() if c.pii}
    shown = [_public(masked_row(row, personal)) for row in rows[:_MOST]]
    found = [row for row in shown if row]
    return json.dumps(found, ensure_ascii=False, default=str) if found else None


def _of_dbt(
    con: duckdb.DuckDBPyConnection, run_id: str, result: Mapping[str, Any]
) -> tuple[Any, ...]:
    has_rows = result["status"] in ("fail", "warn")
    return (
        run_id,
        "dbt",
        result["unique_id"].split(".")[2],
        result["status"] == "pass",
        "warn" if result["status"] == "warn" else "error",
        result["failures"],
        plain(result["message"]) if result["message"] else None,
        _first_rows(con, result.get("compiled_code")) if has_rows else None,
    )


def _first_rows(con: duckdb.DuckDBPyConnection, sql: str | None) -> str | None:
    if not sql:
        return None
    try:
        found = con.execute(f"select * from ({sql}) limit {_MOST}")
    except duckdb.Error:
        # The models lie in another engine, or the table was never built.
        return None
    names = [column[0] for column in found.description or ()]
    return public_rows([dict(zip(names, row, strict=True)) for row in found.fetchall()])


def _public(row: Mapping[str, Any]) -> Row:
    shown: Row = {}
    for name, value in row.items():
        if isinstance(value, str):
            if _SHOWN.fullmatch(name) and "identifier" not in name:
                shown[name] = value[:_LONGEST]
        elif value is None or isinstance(value, bool | int | float | date | datetime):
            shown[name] = value
        else:
            shown[name] = str(value)
    return shown


def _remember(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        """select check_name, severity, failure_count, failing_rows
           from meta.check_results left join meta.failing_rows using (tool, check_name)
           where not is_passed order by severity, check_name"""
    ).fetchall()
    failed = [
        {"check": check, "severity": severity, "failures": count, "rows": json.loads(rows or "[]")}
        for check, severity, count, rows in found
    ]
    failed_checks.path(settings).write_text(
        json.dumps(failed, ensure_ascii=False), encoding="utf-8"
    )
