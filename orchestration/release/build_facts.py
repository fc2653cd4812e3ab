"""Facts about what was built and checked, for the gate of the release: written by each step, never a flag.

Each start of dbt has a number that only grows; a start without an end makes what it may have touched
unknown. A step that does not report leaves its facts missing or old.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from orchestration.config.contract import load_contract
from orchestration.config.settings import PROJECT, Settings
from orchestration.engines.warehouse import connect

TABLES = ("dbt_starts", "gate_facts")
"""Tables of the schema meta that belong to the gate and are not released."""

_CODE = ("models", "seeds", "macros", "tests/data", "tests/expectations", "dbt_project.yml")
CREATE = """
    create schema if not exists meta;
    create table if not exists meta.dbt_starts (
        start_number bigint, run_id varchar, started_at timestamp, finished_at timestamp);
    create table if not exists meta.gate_facts (
        node varchar, status varchar, start_number bigint, raw_state varchar, code varchar,
        recorded_at timestamp);
    drop table if exists meta.gate
"""
"""Creates the tables of facts where they are missing."""


@dataclass(frozen=True)
class Start:
    """One start of dbt: what raw held and which code was in force when it began."""

    number: int
    raw_state: str
    code: str


def begin(settings: Settings, run_id: str) -> Start:
    """Note that dbt is about to change tables; call `end` when dbt has ended, however it ended."""
    with connect(settings) as con:
        con.execute(CREATE)
        row = con.execute("select coalesce(max(start_number), 0) + 1 from meta.dbt_starts")
        [(number,)] = row.fetchall()
        con.execute(
            "insert into meta.dbt_starts values (?, ?, now()::timestamp, null)", [number, run_id]
        )
        return Start(number, raw_state(con), code_version(settings))


def end(settings: Settings, start: Start, statuses: Mapping[str, str]) -> None:
    """Note how every node of this start ended: status by dbt's unique id."""
    with connect(settings) as con:
        _save(con, statuses, start)
        con.execute(
            "update meta.dbt_starts set finished_at = now()::timestamp where start_number = ?",
            [start.number],
        )


def record_raw_checks(settings: Settings, passed: Mapping[str, bool]) -> None:
    """Note whether each raw feed that was checked met its critical expectations."""
    with connect(settings) as con:
        con.execute(CREATE)
        statuses = {raw_node(feed): "pass" if ok else "fail" for feed, ok in passed.items()}
        _save(con, statuses, Start(0, raw_state(con), code_version(settings)))


def forget_facts(con: duckdb.DuckDBPyConnection) -> None:
    """For a change of raw that no file explains: what was built and checked before no longer counts."""
    con.execute(CREATE)
    con.execute("delete from meta.gate_facts")


def raw_state(con: duckdb.DuckDBPyConnection) -> str:
    """A text that changes when raw does: files landed so far, and rows per table."""
    there = {
        table
        for (table,) in con.execute(
            """select table_name from information_schema.tables
               where table_schema = 'raw' and table_catalog = current_database()"""
        ).fetchall()
    }
    tables = sorted(feed.table for feed in load_contract().values() if feed.table in there)
    if not tables:
        return "nothing landed"
    counts = ", ".join(f"(select count(*) from raw.{table})" for table in tables)
    row = con.execute(
        f"select (select count(*) from meta.files where status = 'landed'), {counts}"
    ).fetchone()
    return f"{row[0] if row else 0} files, {hashlib.md5(str(row).encode()).hexdigest()}"


def code_version(settings: Settings) -> str:
    """A hash of everything that decides what the models make of the rows: SQL, seeds, shop.yml."""
    found = hashlib.sha256()
    paths = (
        path
        for source in _CODE
        for path in sorted([PROJECT / source, *(PROJECT / source).rglob("*")])
        if path.suffix in (".sql", ".yml", ".csv", ".md")
    )
    for path in (*paths, settings.config, *sorted(settings.seeds.glob("*.csv"))):
        if path.is_file():
            found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def raw_node(feed: str) -> str:
    """The node that stands for the raw checks of a feed."""
    return f"great_expectations.{feed}"


def _save(con: duckdb.DuckDBPyConnection, statuses: Mapping[str, str], start: Start) -> None:
    con.begin()
    con.execute("delete from meta.gate_facts where node in (select unnest(?))", [list(statuses)])
    rows = [
        [node, status, start.number, start.raw_state, start.code]
        for node, status in statuses.items()
    ]
    if rows:
        con.executemany(
            "insert into meta.gate_facts values (?, ?, ?, ?, ?, now()::timestamp)", rows
        )
    con.commit()
