"""The gate of the release: the rule that reads the facts of `build_facts.py`.

A release is allowed if every released table and everything it is built from was built, and every
blocking check on the way passed, from the rows that raw holds now and by the present code.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import duckdb

from orchestration.config.contract import load_contract
from orchestration.config.hints import full_command
from orchestration.config.settings import Settings
from orchestration.release.build_facts import CREATE, code_version, raw_node, raw_state
from orchestration.system.errors import OperatorError

_SHOWN = 3


class NothingToRelease(OperatorError):
    """The gate is closed, or there is no generation to go back to."""


def assert_open(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    """Raise NothingToRelease, with what is missing, unless the warehouse may be released."""
    manifest = settings.dbt_target / "manifest.json"
    con.execute(CREATE)
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
        return self._is_current(raw_node(feed), "pass")


def _names(nodes: list[str]) -> str:
    """The first nodes by their short names, and how many there are."""
    shown = ", ".join(node.split(".")[2] for node in nodes[:_SHOWN])
    more = f" and {len(nodes) - _SHOWN} more" if len(nodes) > _SHOWN else ""
    return f"{shown}{more} {'was' if len(nodes) == 1 else 'were'}"
