"""What is read of an API: each resource by itself, into one file."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from orchestration.config.api_config import Api, Resource
from orchestration.config.settings import Settings
from orchestration.config.sources_check import WHOLE
from orchestration.sources import guard, pages, parquet, schema_changes, windows
from orchestration.sources.delivery import Delivery
from orchestration.sources.errors import SourceError
from orchestration.sources.http import Client
from orchestration.sources.results import PartResult
from orchestration.sources.state import Part, State, part_of

Row = dict[str, str | None]
_PASSES = 4
"""How often a list is read until two readings have the same keys."""


def fetch_resource(
    settings: Settings, step: "ResourceFetch", before: State
) -> tuple[PartResult, list[str], State]:
    """One resource with a delivery of its own; the state after it."""
    after = deepcopy(before)
    delivery = Delivery(settings, step.source.name, after)
    step.part = part_of(after, step.name, step.resource.meaning)
    result, findings = step.run(delivery)
    after.findings += findings
    delivery.commit()
    return result, findings, after


@dataclass
class ResourceFetch:
    """One resource of an API. `part` becomes the state after it."""

    client: Client
    source: Api
    name: str
    resource: Resource
    zone: ZoneInfo
    now: datetime
    full: bool
    accepts_deletions: bool
    part: Part

    @property
    def place(self) -> str:
        """The resource as shop.yml names it."""
        return f"{self.source.name}.{self.name}"

    def run(self, delivery: Delivery) -> tuple[PartResult, list[str]]:
        """Read, and write what is new. Raises SourceError."""
        result = PartResult(self.name)
        rows = self._settled() if self.resource.deletions == "always" else self._read()
        result.rows = len(rows)
        reads_changes = bool(self.resource.cursor or self.resource.look_back)
        names, findings = self._columns(rows, is_whole=not reads_changes)
        self.part.columns = [[name, "text"] for name in names]
        if reads_changes:
            self._deliver(delivery, delivery.name_of_changes, names, rows, result)
        else:
            result.reads = "all"
            lost = guard.lost_too_much(
                self.place, self.resource, self.part.rows, len(rows), self.accepts_deletions
            )
            findings += [lost] if lost else []
            self._deliver(
                delivery, delivery.name_of_changes if lost else WHOLE, names, rows, result
            )
            self.part.rows = self.part.rows if lost else len(rows)
        if self.resource.cursor:
            self.part.cursor = self._highest(rows)
        if self.resource.look_back:
            self.part.until = self.now.astimezone(self.zone).date().isoformat()
        self.part.fetched_at = self.now.isoformat()
        return result, findings

    def _settled(self) -> list[Row]:
        """All rows, read until two readings have the same keys: rows move while pages are read."""
        before = self._read()
        for _ in range(_PASSES - 1):
            now = self._read()
            if self._keys(before) == self._keys(now):
                return now
            before = now
        raise SourceError(
            f"{self.place}: the list changed during each of {_PASSES} readings, so deleted rows cannot "
            "be distinguished from moved ones; the next fetch tries again"
        )

    def _keys(self, rows: Iterable[Row]) -> set[tuple[str | None, ...]]:
        return {tuple(row[name] for name in self.resource.key) for row in rows}

    def _read(self) -> list[Row]:
        """The rows of all pages. Of rows with the same key, the one that was read last counts."""
        asked = windows.requests_of(self.resource, self.part, self.zone, self.now, self.full)
        found: dict[tuple[str | None, ...], Row] = {}
        for params in asked:
            values = {name: self.client.value(text) for name, text in params.items()}
            for page in pages.read(self.client, self.place, self.resource, values):
                for row in pages.elements(page, self.place, self.resource):
                    key = self._key(row) if self.resource.key else (str(len(found)),)
                    found.pop(key, None)
                    found[key] = row
        return list(found.values())

    def _key(self, row: Row) -> tuple[str | None, ...]:
        key = tuple(row.get(name) for name in self.resource.key)
        if None in key:
            lacking = self.resource.key[key.index(None)]
            raise SourceError(
                f"{self.place}: a row has no {lacking}, which `key` names; its fields are {', '.join(row)}"
            )
        return key

    def _columns(self, rows: list[Row], *, is_whole: bool) -> tuple[list[str], list[str]]:
        """Names of the columns, and what changed. Few rows may all lack a field that may be absent."""
        present = list(dict.fromkeys(name for row in rows for name in row))
        known = [name for name, _ in self.part.columns]
        if not is_whole or not rows:
            present = list(dict.fromkeys([*known, *present]))
        shown = [[name, "text"] for name in present]
        return present, schema_changes.findings(self.place, self.part.columns, shown)

    def _deliver(
        self, delivery: Delivery, file: str, names: list[str], rows: list[Row], result: PartResult
    ) -> None:
        """The file, unless it repeats the last one."""
        is_whole = file == WHOLE and self.resource.deletions == "always"
        if not names or (not rows and not is_whole):
            self.part.signature = ""
            return
        name = f"{self.source.name}/{self.name}/{file}"
        path = delivery.draft(name)
        batches = (
            [
                tuple(row.get(column) for column in names)
                for row in rows[start : start + parquet.BATCH]
            ]
            for start in range(0, len(rows), parquet.BATCH)
        )
        parquet.write(path, names, batches, self.now.isoformat())
        found = parquet.signature(path)
        if found == self.part.signature:
            delivery.drop(name)
        else:
            result.files.append(name)
        self.part.signature = found

    def _highest(self, rows: list[Row]) -> str | None:
        """The highest cursor, at most the present time; without rows the one before."""
        cells = [row.get(self.resource.cursor or "") for row in rows]
        found = [
            moment
            for cell in cells
            if cell and (moment := windows.moment_of(cell, self.resource, self.zone))
        ]
        if rows and not found:
            raise SourceError(
                f"{self.place}: no row has a time in the cursor {self.resource.cursor}; check its name "
                "and cursor_format"
            )
        if not found:
            return self.part.cursor
        highest = min(max(found), self.now)
        if self.part.cursor:
            highest = max(highest, datetime.fromisoformat(self.part.cursor))
        return highest.isoformat()
