"""The sink that keeps raw and history as Parquet in the lake, copy-on-write.

A file's rows become one new file; files that hold versions which it replaces are written again
without them. How files are written, listed and deleted is in `lake_files.py`.
"""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import duckdb

from orchestration.config.contract import Feed, load_contract
from orchestration.engines.lake import Lake
from orchestration.landing.write import tables
from orchestration.landing.write.lake_files import SCHEMAS, LakeFiles
from orchestration.landing.write.sinks import Change, transaction

SMALL = 16_000_000
MANY = 32
"""A table with more than so many files below so many bytes gets them merged into one."""


class LakeSink:
    """raw and history as views over the lake's files."""

    def __init__(self, con: duckdb.DuckDBPyConnection, lake: Lake, home: Path) -> None:
        self.con, self.home = con, home
        self.files = LakeFiles(con, lake)
        self._columns: dict[tuple[str, str], dict[str, str]] = {}

    def prepare(self) -> None:
        """Views and at least one file for every feed; tables of the warehouse move to the lake."""
        tables.prepare_meta(self.con)
        with self.watched():
            self.files.claim(self.home)
            self.files.sweep()
        with self.transaction(), self.watched():
            existing = tables.existing_columns(self.con)
            views = tables.views(self.con)
            for feed in load_contract().values():
                for schema in SCHEMAS:
                    have = existing.get((schema, feed.table))
                    self._prepare(schema, feed, have, views.get((schema, feed.table)))

    def _prepare(
        self, schema: str, feed: Feed, have: dict[str, str] | None, view: str | None
    ) -> None:
        table, wanted = feed.table, tables.wanted_columns(schema, feed)
        missing = tables.missing_columns(schema, feed, have or {})
        columns = self._columns[schema, table] = wanted | (have or {})
        if have and view is None:
            self.files.add(schema, table, columns, f"select * from {schema}.{table}")
            self.con.execute(f"drop table {schema}.{table}")
        elif have and missing:
            # All files of a table have the same columns, so that Spark may look at any of them.
            old = self.files.live(schema, table)
            self.files.add(schema, table, columns, f"select * from {self.files.relation(old)}")
            self.files.drop(old)
        elif view and self.files.is_shown(schema, table, view):
            return
        self.files.show(schema, table, columns)

    @contextmanager
    def transaction(self) -> Generator[None]:
        """DuckDB's own; what it left behind in the lake is deleted afterwards."""
        try:
            with transaction(self.con):
                yield
        except BaseException:
            self.files.rolled_back()
            raise
        self.files.committed()

    def watched(self) -> AbstractContextManager[None]:
        """Trouble of the lake ends the landing; it is not the fault of the file that is read."""
        return self.files.watched()

    def apply(self, change: Change) -> None:
        """Replaced versions go to history, the files that held them are rewritten, rows come."""
        with self.watched():
            self._apply(change)

    def _apply(self, change: Change) -> None:
        table, batch = change.table, change.batch
        if change.old:
            history = " union all by name ".join(f"({query})" for query in change.old)
            touched = self.files.among(self.files.live("raw", table), change.gone)
            self._add("history", table, history, batch)
            for path in touched:
                rest = f"select * from {self.files.relation([path])} where not coalesce({change.gone}, false)"
                self._add("raw", table, rest, batch)
            self.files.drop(touched)
        self._add("raw", table, change.rows, batch)
        for schema in SCHEMAS if change.old else ("raw",):
            self._merge(schema, table, batch)
            self.files.show(schema, table, self._columns[schema, table])

    def _add(self, schema: str, table: str, query: str, batch: str) -> None:
        self.files.add(schema, table, self._columns[schema, table], query, batch)

    def _merge(self, schema: str, table: str, batch: str) -> None:
        """Keep the number of files in bounds; Spark and DuckDB open each of them."""
        live = self.files.live(schema, table)
        small = [path for path, (_, size) in live.items() if size < SMALL]
        if len(small) > MANY:
            self._add(schema, table, f"select * from {self.files.relation(small)}", batch)
            self.files.drop(small)

    def tidy(self) -> None:
        """The folders hold what the books list, and nothing else."""
        with self.watched():
            self.files.sweep()
