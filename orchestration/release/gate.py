"""The gate of the release: facts about what was built and checked, and the rule that reads them.

A release is allowed if every released table and everything it is built from was built, and every
blocking check on the way passed, from the rows that raw holds now and by the present code. Each
start of dbt has a number that only grows; a start without an end makes what it may have touched
unknown. Nothing here is a flag: a step that does not report leaves its facts missing or old.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb

from orchestration.config.contract import load_contract
from orchestration.config.hints import full_command
from orchestration.config.settings import PROJECT, Settings
from orchestration.engines.warehouse import connect
from orchestration.system.errors import OperatorError

TABLES = ("dbt_starts", "gate_facts")
"""Tables of the schema meta that belong to the gate and are not released."""

_CODE = ("models", "seeds", "macros", "tests/data", "tests/expectations", "dbt_project.yml")
_CREATE = """
    create schema if not exists meta;
    create table if not exists meta.dbt_starts (
        start_number bigint, run_id varchar, started_at timestamp, finished_at timestamp);
    create table if not exists meta.gate_facts (
        node varchar, status varchar, start_number bigint, raw_state varchar, code varchar,
        recorded_at timestamp);
    drop table if exists meta.gate
"""
_SHOWN = 3


class NothingToRelease(OperatorError):
    """The gate is closed, or there is no generation to go back to."""


@dataclass(frozen=True)
class Start:
    """One start of dbt: what raw held and which code was in force when it began."""

    number: int
    raw_state: str
    code: str


def begin(settings: Settings, run_id: str) -> Start:
    """Note that dbt is about to change tables; call `end` when dbt has ended, however it ended."""
    with connect(settings) as con:
        con.execute(_CREATE)
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
        con.execute(_CREATE)
        statuses = {_raw_node(feed): "pass" if ok else "fail" for feed, ok in passed.items()}
        _save(con, statuses, Start(0, raw_state(con), code_version(settings)))


def forget_facts(con: duckdb.DuckDBPyConnection) -> None:
    """For a change of raw that no file explains: what was built and checked before no longer counts."""
    con.execute(_CREATE)
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


def assert_open(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    """Raise NothingToRelease, with what is missing, unless the warehouse may be released."""
    manifest = settings.dbt_target / "manifest.json"
    con.execute(_CREATE)
    if not manifest.exists():
        raise NothingToRelease(
            f"Nothing has been built yet. Run `{full_command('run', settings)}`."
        )
    found = _Facts(con, json.loads(manifest.read_text()), raw_state(con), code_version(settings))
    reasons = list(found.reasons())
    if reasons:
        text = "; ".join(reasons)
        raise NothingToRelease(
            f"Nothing was released: {text}. Run `{full_command('run', settings)}`: it lands, checks, builds "
            "and releases."
        )


class _Facts:
    """What is known of this warehouse, held against the present rows of raw and the present code."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        manifest: Mapping[str, Any],
        state: str,
        code: str,
    ) -> None:
        self.con, self.manifest, self.state, self.code = con, manifest, state, code
        rows = con.execute(
            "select node, status, start_number, raw_state, code from meta.gate_facts"
        ).fetchall()
        self.known = {row[0]: row[1:] for row in rows}
        [(unfinished,)] = con.execute(
            "select coalesce(max(start_number), 0) from meta.dbt_starts where finished_at is null"
        ).fetchall()
        self.unfinished = int(unfinished)

    def reasons(self) -> Iterable[str]:
        """Why the gate is closed; nothing when it is open."""
        nodes = self.built_nodes
        if not any(node in self.known for node in nodes):
            yield "the models have not been built yet"
            return
        other_code = [n for n in nodes if n in self.known and self.known[n][3] != self.code]
        if other_code:
            yield f"the models, seeds or shop.yml have changed since {_names(other_code)} built"
            return
        stale = [node for node in nodes if not self._is_current(node, "success")]
        if stale:
            yield f"{_names(stale)} not built since the last landing"
        unsure = [node for node in nodes if node not in stale and not self.is_later(node)]
        if unsure:
            yield f"a start of dbt was interrupted, and {_names(unsure)} not built since"
        older = [node for node in nodes if node not in stale and self.is_older_than_parents(node)]
        if older:
            yield f"{_names(older)} built before a table that it reads"
        failed = [t for t in self.blocking_tests if not self.has_passed(t)]
        if failed:
            yield f"{_names(failed)} not passed since then (checks)"
        unchecked = [feed for feed in self.connected_feeds if not self.is_checked(feed)]
        if unchecked:
            yield f"raw checks of {', '.join(unchecked[:_SHOWN])} have not passed since the last landing"

    @cached_property
    def built_nodes(self) -> list[str]:
        """Released tables and all models and seeds that they are built from."""
        nodes = self.manifest["nodes"]
        waiting = [
            name
            for name, node in nodes.items()
            if node["resource_type"] in ("model", "seed")
            and node["config"].get("schema") in ("marts", "meta")
        ]
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in found and nodes.get(name, {}).get("resource_type") in ("model", "seed"):
                found.add(name)
                waiting += nodes[name]["depends_on"].get("nodes", [])
        return sorted(found)

    @cached_property
    def blocking_tests(self) -> list[str]:
        """Tests of severity error on anything that the release is built from."""
        built = set(self.built_nodes)
        return [
            name
            for name, node in self.manifest["nodes"].items()
            if node["resource_type"] == "test"
            and str(node["config"].get("severity", "error")).lower() == "error"
            and node["config"].get("enabled", True)
            and built.intersection(node["depends_on"]["nodes"])
        ]

    @cached_property
    def connected_feeds(self) -> list[str]:
        """Feeds that have rows in raw."""
        return [
            feed.code
            for feed in load_contract().values()
            if self.con.execute(f"select 1 from raw.{feed.table} limit 1").fetchone()
        ]

    def _is_current(self, node: str, *statuses: str) -> bool:
        status, _, state, code = self.known.get(node, (None, 0, None, None))
        return status in statuses and state == self.state and code == self.code

    def is_later(self, node: str) -> bool:
        """Whether the node was built after any start that did not end."""
        return self.known[node][1] > self.unfinished

    def is_older_than_parents(self, node: str) -> bool:
        """Whether something that the node reads was built again after it."""
        parents = self.manifest["nodes"][node]["depends_on"].get("nodes", [])
        return any(
            self.known[parent][1] > self.known[node][1]
            for parent in parents
            if parent in self.known
        )

    def has_passed(self, test: str) -> bool:
        """Whether the test passed or only warned, after its models were built last."""
        if not self._is_current(test, "pass", "warn"):
            return False
        models = self.manifest["nodes"][test]["depends_on"]["nodes"]
        built = [self.known[model][1] for model in models if model in self.known]
        return self.known[test][1] >= max(built, default=0)

    def is_checked(self, feed: str) -> bool:
        """Whether Great Expectations passed the feed as it is now."""
        return self._is_current(_raw_node(feed), "pass")


def _raw_node(feed: str) -> str:
    return f"great_expectations.{feed}"


def _names(nodes: list[str]) -> str:
    """The first nodes by their short names, and how many there are."""
    shown = ", ".join(node.split(".")[2] for node in nodes[:_SHOWN])
    more = f" and {len(nodes) - _SHOWN} more" if len(nodes) > _SHOWN else ""
    return f"{shown}{more} {'was' if len(nodes) == 1 else 'were'}"


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
