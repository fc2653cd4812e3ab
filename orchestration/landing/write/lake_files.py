"""The files of the lake and their books: `meta.lake_files` lists those that count.

Files are written once and never changed. A table is the set of its listed files, so that DuckDB's
commit of the list is the commit of the rows; what is not listed is waste. Which rows go into a file
is decided elsewhere (`lake_sink.py`, `sink_change.py`).
"""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import duckdb

from orchestration.engines.lake import Lake
from orchestration.system.files import sync
from orchestration.system.landing_errors import LandingError
from orchestration.system.masking import plain
from orchestration.system.sql import ident, quoted

SCHEMAS = ("raw", "history")
OWNER = "_shop360_home"


class LakeFiles:
    """The lake of one home, through the connection that writes its books."""

    def __init__(self, con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
        self.con, self.lake = con, lake
        self.written: list[str] = []
        self.dropped: list[str] = []

    def live(self, schema: str, table: str) -> dict[str, tuple[int, int]]:
        """Rows and bytes of each file of a table, by path below the lake, oldest first."""
        found = self.con.execute(
            "select path, row_count, size_bytes from meta.lake_files "
            "where schema_name = ? and table_name = ? order by added_at, path",
            [schema, table],
        ).fetchall()
        return {path: (rows, size) for path, rows, size in found}

    def relation(self, paths: Iterable[str]) -> str:
        """The rows of files, as a table function for DuckDB."""
        places = ", ".join(self._quoted(path) for path in paths)
        return f"read_parquet([{places}], hive_partitioning = false)"

    def among(self, paths: Iterable[str], condition: str) -> list[str]:
        """Those of the files that hold a row which meets the condition."""
        paths = list(paths)
        rows = self.con.execute(
            f"select distinct parse_filename(filename) from {self.relation(paths)[:-1]}, "
            f"filename = true) where {condition}"
        ).fetchall()
        names = {name for (name,) in rows}
        return [path for path in paths if path.rpartition("/")[2] in names]

    def add(
        self,
        schema: str,
        table: str,
        columns: Mapping[str, str],
        query: str,
        batch: str | None = None,
        *,
        even_empty: bool = False,
    ) -> None:
        """Write the rows of a query into a new file and list it; columns that it lacks are NULL."""
        path = f"{schema}/{table}/{uuid4().hex}.parquet"
        typed = ", ".join(f"null::{kind} as {ident(name)}" for name, kind in columns.items())
        if self.lake.is_local:
            Path(self.lake.place, schema, table).mkdir(parents=True, exist_ok=True)
        self.written.append(path)
        [(_, rows, size, *_)] = self.con.execute(
            f"copy (select {typed} where false union all by name ({query})) "
            f"to {self._quoted(path)} (format parquet, compression zstd, "
            # In order, it would hold back whole row groups in memory.
            "preserve_order false, return_stats true)"
        ).fetchall()
        if self.lake.is_local:
            # The file is on disk before the commit that lists it.
            sync(Path(self.lake.place, path))
        if rows or even_empty:
            self.con.execute(
                "insert into meta.lake_files values (?, ?, ?, ?, ?, ?, now()::timestamp)",
                [schema, table, path, rows, size, batch],
            )
        else:
            self.dropped.append(path)

    def drop(self, paths: Iterable[str]) -> None:
        """Strike files from the list; they are deleted once that is committed."""
        for path in paths:
            self.con.execute("delete from meta.lake_files where path = ?", [path])
            self.dropped.append(path)

    def show(self, schema: str, table: str, columns: Mapping[str, str]) -> None:
        """Point the view of a table at its files; a table without rows has one empty file."""
        live = self.live(schema, table)
        if any(rows for rows, _ in live.values()):
            self.drop(path for path, (rows, _) in live.items() if not rows)
        elif not live:
            nothing = ", ".join(f"null::{kind} as {ident(name)}" for name, kind in columns.items())
            self.add(schema, table, columns, f"select {nothing} where false", even_empty=True)
        files = self.relation(self.live(schema, table))
        self.con.execute(f"create or replace view {schema}.{table} as select * from {files}")

    def is_shown(self, schema: str, table: str, view: str) -> bool:
        """Whether a view's SQL names the files where they are now; homes and lakes get moved."""
        return all(self._quoted(path) in view for path in self.live(schema, table))

    def committed(self) -> None:
        """Delete what is no longer listed."""
        self._delete(self.dropped)

    def rolled_back(self) -> None:
        """Delete what was written in vain."""
        self._delete(self.written)

    def _delete(self, paths: list[str]) -> None:
        for path in paths:
            # Whatever stays is swept by the next landing.
            try:
                self.lake.files.rm_file(f"{self.lake.root}/{path}")
            except OSError:
                continue
        self.written, self.dropped = [], []

    def sweep(self) -> None:
        """Delete every file below raw and history that is not listed.

        Raises LandingError when a listed file is missing.
        """
        files, root = self.lake.files, self.lake.root
        listed = {
            path for (path,) in self.con.execute("select path from meta.lake_files").fetchall()
        }
        files.invalidate_cache()
        found = [name for schema in SCHEMAS for name in files.find(f"{root}/{schema}")]
        there = {name[len(root) + 1 :] for name in found}
        if missing := sorted(listed - there):
            raise LandingError(
                f"{self.lake.place}/{missing[0]}: {len(missing)} of {len(listed)} files of the lake "
                "are missing. Restore them, or point SHOP360_LAKE at where they are now; "
                "if they are lost, start a new home and land the archive again"
            )
        for path in sorted(there - listed):
            files.rm_file(f"{root}/{path}")

    def claim(self, home: Path) -> None:
        """Make sure that no other home's files are swept: a lake belongs to one home.

        A lake within the home needs no proof. Raises LandingError when it is another's.
        """
        if self.lake.is_local and Path(self.lake.place).is_relative_to(home):
            return
        files, root = self.lake.files, self.lake.root
        mark = f"{root}/{OWNER}"
        if files.exists(mark):
            owner = files.cat_file(mark).decode()
            if owner != str(home):
                raise LandingError(
                    f"{self.lake.place}: is the lake of {owner}, not of {home}; set SHOP360_LAKE to "
                    f"another place. If that home moved here, delete {OWNER} in the lake"
                )
            return
        known = self.con.execute("select 1 from meta.lake_files limit 1").fetchone()
        if not known and any(files.find(f"{root}/{schema}") for schema in SCHEMAS):
            raise LandingError(
                f"{self.lake.place}: holds files of someone else; set SHOP360_LAKE to an empty place"
            )
        if self.lake.is_local:
            Path(self.lake.place).mkdir(parents=True, exist_ok=True)
        files.pipe_file(mark, str(home).encode())

    @contextmanager
    def watched(self) -> Generator[None]:
        """The trouble of the lake, in words for the operator."""
        try:
            yield
        except (OSError, duckdb.Error) as error:
            raise LandingError(
                f"{self.lake.place}: the lake cannot be read or written ({plain(error)}); "
                "check that it is there, that you may write to it and that it has room, "
                "then land again"
            ) from error

    def _quoted(self, path: str) -> str:
        return quoted(f"{self.lake.place}/{path}")
