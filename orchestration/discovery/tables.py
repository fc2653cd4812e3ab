"""Opening a file of which nothing is known: its sheets, delimiter, header row and cells as text.

The readers of landing do the reading, so that a proposal is made of the very cells that would land.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.config.mapping import NULLS
from orchestration.discovery.json_shape import json_shape
from orchestration.discovery.text_shape import HEAD, Shape, fewest_cells, header_row, text_shape
from orchestration.landing.check.cells import nulled, tidy
from orchestration.landing.read import inbox, readers
from orchestration.landing.read.inbox import Delivery
from orchestration.landing.read.source import Reading, Source, Wanted
from orchestration.landing.read.totals import NOTE, TOTAL, is_total
from orchestration.system.landing_errors import FileRejected
from orchestration.system.sql import ident

if TYPE_CHECKING:
    import fastexcel

ROWS = 200_000
"""Rows of a file that are examined; the rest is counted."""


@dataclass(frozen=True)
class Table:
    """One table of a file: cleaned cells c0, c1 … in `relation`, NULL where a cell says nothing."""

    file: str
    path: Path
    sheet: str | None
    format: str
    encoding: str | None
    shape: Shape
    headers: tuple[str, ...]
    relation: str
    rows: int
    examined: int
    totals: int = 0
    each: str | None = None
    """The list of a JSON file whose elements are the rows."""
    ends_before: str | None = None
    """The first header whose cells rows may lack."""
    warnings: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """How people see the table."""
        part = self.sheet or self.each
        return f"{self.file} · {part}" if part else self.file


class Opener:
    """Opens files into tables of one connection; `folder` is for working copies."""

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.con, self.folder = con, folder
        self.count = self.relations = 0
        con.execute("attach if not exists ':memory:' as stage")

    def tables(self, delivery: Delivery) -> list[Table]:
        """The tables of a file; an Excel workbook has one per sheet with rows. Raises `FileRejected`."""
        copy = self.folder / f"export{self.count}{delivery.suffix}"
        self.count += 1
        inbox.fetch(delivery, copy)
        fmt = readers.FORMATS.get(delivery.suffix, "csv")
        if fmt == "xlsx":
            return self._sheets(delivery, copy)
        if fmt == "jsonl":
            return self._objects(delivery, copy)
        shape = text_shape(copy, delivery, self.folder) if fmt == "csv" else Shape(None, 1)
        return [self._table(delivery, copy, fmt, shape)]

    def _sheets(self, delivery: Delivery, copy: Path) -> list[Table]:
        import fastexcel

        try:
            book = fastexcel.read_excel(copy)
            heads = {name: _sheet_head(book, name) for name in book.sheet_names}
        except (fastexcel.FastExcelError, *inbox.TORN):
            raise FileRejected(
                f"{delivery.name}: not a readable Excel workbook; export it again"
            ) from None
        found = {name: head for name, head in heads.items() if len(head) > 1}
        if not found:
            raise FileRejected(f"{delivery.name}: no sheet has a table")
        return [
            self._table(
                delivery,
                copy,
                "xlsx",
                Shape(None, header_row(head)),
                sheet=name if len(found) > 1 else None,
            )
            for name, head in found.items()
        ]

    def _objects(self, delivery: Delivery, copy: Path) -> list[Table]:
        """The objects of a JSON file, and the rows of each list in them."""
        found = json_shape(copy)
        whole = self._table(delivery, copy, "jsonl", Shape(None, 1), paths=found.of_objects)
        return [
            whole,
            *(
                self._table(
                    delivery, copy, "jsonl", Shape(None, 1), each=name, paths=found.of_list(name)
                )
                for name in found.lists
            ),
        ]

    def _table(
        self,
        delivery: Delivery,
        copy: Path,
        fmt: str,
        shape: Shape,
        *,
        sheet: str | None = None,
        each: str | None = None,
        paths: Sequence[str] = (),
    ) -> Table:
        reading = Reading(
            name=delivery.name,
            folder=self.folder,
            want=Wanted("the file", [], [("", (path,)) for path in paths]),
            delimiter=shape.delimiter,
            sheet=sheet,
            header_row=shape.header_row or None,
            limits=delivery.limits,
            levels=1 if shape.header_row else 0,
            each=each,
        )
        self.relations += 1
        relation, before = f"export_{self.relations}", None
        source, examined = self._load(self._source(copy, reading, fmt), relation)
        least = fewest_cells(copy, shape) if source.refused and shape.header_row else None
        if least is not None and 0 < least < len(source.headers):
            before = source.headers[least]
            again = self._source(copy, replace(reading, may_end_before=before), fmt)
            self.con.execute(f"drop table {ident(relation)}")
            source, examined = self._load(again, relation)
        [(rows,)] = self.con.execute(f"select count(*) from {source.relation}").fetchall()
        refused = f"{len(source.refused)} rows cannot be read"
        return Table(
            file=delivery.name,
            path=copy,
            sheet=sheet,
            each=each,
            format=fmt,
            encoding=source.encoding,
            shape=shape,
            headers=tuple(source.headers),
            relation=relation,
            rows=rows + len(source.refused),
            examined=examined,
            totals=self._leave_out_totals(relation, len(source.headers)),
            ends_before=before,
            warnings=(*source.warnings, *([refused] if source.refused else [])),
        )

    def _source(self, copy: Path, reading: Reading, fmt: str) -> Source:
        # Readers transcode in place.
        working = self.folder / f"work{self.count}{copy.suffix}"
        shutil.copyfile(copy, working)
        source = readers.open_source(self.con, working, reading, fmt)
        if not source.headers:
            raise FileRejected(f"{reading.name}: has no columns; export it again")
        return source

    def _load(self, source: Source, relation: str) -> tuple[Source, int]:
        """The first rows of a source in a table; read again with care where the fast reader fails."""
        cells = [f"{nulled(tidy(f'c{i}'), NULLS)} as c{i}" for i in range(len(source.headers))]
        text = f"create table {ident(relation)} as select {', '.join(cells)} from {{}} limit {ROWS}"
        try:
            self.con.execute(text.format(source.relation))
        except duckdb.Error:
            if source.retry is None:
                raise
            source = source.retry()
            self.con.execute(text.format(source.relation))
        else:
            [(kept,)] = self.con.execute(f"select count(*) from {ident(relation)}").fetchall()
            if source.retry is not None and source.lines > kept and kept < ROWS:
                source = replace(source.retry())
                self.con.execute(f"drop table {ident(relation)}")
                self.con.execute(text.format(source.relation))
        all_cells = ", ".join(f"c{i}" for i in range(len(source.headers)))
        self.con.execute(f"delete from {ident(relation)} where coalesce({all_cells}) is null")
        [(kept,)] = self.con.execute(f"select count(*) from {ident(relation)}").fetchall()
        return source, kept

    def _leave_out_totals(self, relation: str, width: int) -> int:
        """Remove rows of totals and explanations, and count them."""
        others = ", ".join(f"c{i}" for i in range(1, width)) or "null"
        rows = self.con.execute(
            f"select rowid, c0, coalesce({others}) is null from {ident(relation)} "
            "where c0 is not null and (regexp_full_match(lower(c0), ?) or regexp_full_match(lower(c0), ?))",
            [TOTAL, NOTE],
        ).fetchall()
        bad = [row for row, cell, alone in rows if is_total(cell) or alone]
        if bad:
            listed = ", ".join(map(str, bad))
            self.con.execute(f"delete from {ident(relation)} where rowid in ({listed})")
        return len(bad)


def _sheet_head(book: "fastexcel.ExcelReader", name: str) -> list[list[str]]:
    table = book.load_sheet(
        name, header_row=None, skip_rows=0, n_rows=HEAD, dtypes="string"
    ).to_arrow()
    return [[row.get(key) or "" for key in table.schema.names] for row in table.to_pylist()]
