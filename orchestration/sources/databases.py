"""What is read of a table: all rows, or the changes since the last fetch and the keys of all rows."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orchestration.config.durations import duration
from orchestration.config.sources_check import KEYS, WHOLE
from orchestration.config.sources_config import Table
from orchestration.sources import guard, parquet, schema_changes
from orchestration.sources.delivery import Delivery
from orchestration.sources.errors import SourceError
from orchestration.sources.results import PartResult
from orchestration.sources.server import Column, Rows, Server
from orchestration.sources.state import Part

_USUAL_OVERLAP = 1000
"""Numbers that a fetch goes back where shop.yml states no overlap of a whole-number cursor."""


@dataclass
class TableFetch:
    """One table within the transaction of a fetch. `part` becomes the state after it."""

    server: Server
    delivery: Delivery
    name: str
    table: Table
    part: Part
    now: datetime
    accepts_deletions: bool = False

    @property
    def place(self) -> str:
        """The table as shop.yml names it."""
        return f"{self.delivery.source}.{self.name}"

    def run(self, *, full: bool) -> tuple[PartResult, list[str]]:
        """Read the table; the result, and what was noticed. Raises SourceError."""
        columns = self._columns()
        shown = [[column.name, column.data_type] for column in columns]
        findings = schema_changes.findings(self.place, self.part.columns, shown)
        self.part.columns = shown
        result = PartResult(self.name)
        cursor = next((one for one in columns if one.name == self.table.cursor), None)
        reads_all = full or cursor is None or self.part.cursor is None
        if reads_all:
            result.reads = "all"
            findings += self._all(columns, result)
        else:
            self._changes(columns, cursor, result)
            findings += self._keys(columns, result)
        if cursor:
            self.part.cursor = self.server.highest(self.table.table, cursor)
        self.part.fetched_at = _stamp(self.now)
        return result, findings

    def _columns(self) -> tuple[Column, ...]:
        found = {column.name: column for column in self.server.columns(self.table.table)}
        wanted = self.table.columns or tuple(found)
        named = [*wanted, *self.table.key, *filter(None, [self.table.cursor])]
        if lacking := [name for name in dict.fromkeys(named) if name not in found]:
            raise SourceError(
                f"{self.place}: {self.table.table} has no column {', '.join(lacking)}; "
                f"it has {', '.join(found)}"
            )
        cursor = found.get(self.table.cursor or "")
        if cursor and cursor.kind == "other":
            raise SourceError(
                f"{self.place}: the cursor {cursor.name} has the type {cursor.data_type}; expected a "
                "whole number, a time or a day"
            )
        return tuple(found[name] for name in wanted)

    def _all(self, columns: tuple[Column, ...], result: PartResult) -> list[str]:
        """All rows; they replace the last file of all rows."""
        name = self._file(WHOLE)
        path = self.delivery.draft(name)
        rows = Rows(self.table.table, columns, order=self.table.key)
        result.rows = self.server.write(rows, path, _stamp(self.now))
        found = parquet.signature(path)
        if finding := self._lost_too_much(result.rows):
            # The rows land, and none is withdrawn.
            other = self._file(self.delivery.name_of_changes)
            self.delivery.files[other] = self.delivery.files.pop(name)
            result.files.append(other)
            self.part.whole = self.part.signature = ""
            return [finding]
        if found == self.part.whole:
            self.delivery.drop(name)
        else:
            result.files.append(name)
            self.part.whole, self.part.signature = found, ""
            self.part.keys = parquet.signature(path, self.table.key) if self.table.key else ""
        self.part.rows, self.part.keys_at = result.rows, _stamp(self.now)
        return []

    def _changes(self, columns: tuple[Column, ...], cursor: Column, result: PartResult) -> None:
        """Rows from before the last value of the cursor on."""
        since = self.server.since(cursor, self.part.cursor or "", self._overlap(cursor))
        name = self._file(self.delivery.name_of_changes)
        path = self.delivery.draft(name)
        rows = Rows(self.table.table, columns, since)
        result.rows = self.server.write(rows, path, _stamp(self.now))
        found = parquet.signature(path) if result.rows else ""
        if not result.rows or found == self.part.signature or self._is_in_whole(path):
            self.delivery.drop(name)
        else:
            result.files.append(name)
            self.part.whole = ""
        self.part.signature = found

    def _is_in_whole(self, path: Path) -> bool:
        """Whether the file with all rows has these rows too, and nothing came after it."""
        whole = self.delivery.settings.inbox / self._file(WHOLE)
        return bool(self.part.whole) and whole.exists() and parquet.holds_all(whole, path)

    def _keys(self, columns: tuple[Column, ...], result: PartResult) -> list[str]:
        """The keys of all rows, when they are due: rows of raw without one were deleted."""
        if not self._keys_are_due():
            return []
        name = self._file(KEYS)
        path = self.delivery.draft(name)
        keys = tuple(column for column in columns if column.name in self.table.key)
        count = self.server.write(Rows(self.table.table, keys), path, _stamp(self.now))
        found = parquet.signature(path, self.table.key)
        if finding := self._lost_too_much(count):
            self.delivery.drop(name)
            return [finding]
        if found == self.part.keys:
            self.delivery.drop(name)
        else:
            result.files.append(name)
            # A row that is deleted and comes back is no longer known from the file with all rows.
            self.part.keys, self.part.whole = found, ""
        self.part.rows, self.part.keys_at = count, _stamp(self.now)
        return []

    def _keys_are_due(self) -> bool:
        due = self.table.deletions
        if due in ("always", "never") or not self.part.keys_at:
            return due != "never"
        return self.now - datetime.fromisoformat(self.part.keys_at) >= duration(due)

    def _lost_too_much(self, count: int) -> str:
        return guard.lost_too_much(
            self.place, self.table, self.part.rows, count, self.accepts_deletions
        )

    def _overlap(self, cursor: Column) -> str:
        stated = self.table.overlap
        if cursor.kind == "number":
            return stated if stated.isdigit() else str(_USUAL_OVERLAP)
        if stated.isdigit():
            raise SourceError(
                f"{self.place}: overlap is {stated}, but the cursor {cursor.name} has the type "
                f"{cursor.data_type}; expected a duration such as 2 days"
            )
        return stated

    def _file(self, name: str) -> str:
        return f"{self.delivery.source}/{self.name}/{name}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
