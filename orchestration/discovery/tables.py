"""Opening a file of which nothing is known: its sheets, delimiter, header row and cells as text.

The readers of landing do the reading, so that a proposal is made of the very cells that would land.
"""

import csv
import io
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from orchestration.config.mapping import NULLS
from orchestration.discovery import names
from orchestration.landing.check.cells import nulled, tidy
from orchestration.landing.read import header_words, inbox, readers
from orchestration.landing.read.delimited import BLANKS, DELIMITERS, HEAD_SIZE
from orchestration.landing.read.encoding import to_utf8
from orchestration.landing.read.inbox import Delivery
from orchestration.landing.read.source import Reading, Source, Wanted
from orchestration.landing.read.totals import NOTE, TOTAL, is_total
from orchestration.system.landing_errors import FileRejected
from orchestration.system.sql import ident

HEAD = 40
"""Rows at the start of a file among which its header is looked for."""
ROWS = 200_000
"""Rows of a file that are examined; the rest is counted."""
_NUMBER = re.compile(r"[+-]?[¥$€£]?[0-9][0-9.,:%/ -]*")


@dataclass(frozen=True)
class Shape:
    """How a text table is cut, and in which row its header is; row 0 is none."""

    delimiter: str | None
    header_row: int


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
    ends_before: str | None = None
    """The first header whose cells rows may lack."""
    warnings: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """How people see the table."""
        return f"{self.file} · {self.sheet}" if self.sheet else self.file


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
        if fmt != "xlsx":
            shape = _text_shape(copy, delivery, self.folder) if fmt == "csv" else Shape(None, 1)
            return [self._table(delivery, copy, fmt, None, shape)]
        import fastexcel

        try:
            book = fastexcel.read_excel(copy)
            names = book.sheet_names
            heads = {name: _sheet_head(book, name) for name in names}
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
                fmt,
                name if len(found) > 1 else None,
                Shape(None, _header_row(head)),
            )
            for name, head in found.items()
        ]

    def _table(
        self, delivery: Delivery, copy: Path, fmt: str, sheet: str | None, shape: Shape
    ) -> Table:
        reading = Reading(
            name=delivery.name,
            folder=self.folder,
            want=Wanted("the file", [], []),
            delimiter=shape.delimiter,
            sheet=sheet,
            header_row=shape.header_row or None,
            limits=delivery.limits,
            levels=1 if shape.header_row else 0,
        )
        self.relations += 1
        relation, before = f"export_{self.relations}", None
        source, examined = self._load(self._source(copy, reading, fmt), relation)
        least = _fewest_cells(copy, shape) if source.refused and shape.header_row else None
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
        return readers.open_source(self.con, working, reading, fmt)

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


def _sheet_head(book: object, name: str) -> list[list[str]]:
    table = book.load_sheet(name, header_row=None, skip_rows=0, n_rows=HEAD, dtypes="string").to_arrow()
    return [[row.get(key) or "" for key in table.schema.names] for row in table.to_pylist()]


def _text_shape(copy: Path, delivery: Delivery, folder: Path) -> Shape:
    """The delimiter under which most rows have as many cells as the header."""
    if copy.stat().st_size == 0:
        raise FileRejected(f"{delivery.name}: is empty; export it again")
    text = to_utf8(copy, delivery.name, folder, None, delivery.limits)
    with text.path.open(encoding="utf-8", newline="") as stream:
        start = stream.read(HEAD_SIZE)
    best, best_rank = Shape(",", 1), (-1.0, -1)
    for delimiter in DELIMITERS:
        if delimiter not in start:
            continue
        try:
            reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
            rows = [row for _, row in zip(range(HEAD), reader, strict=False)]
        except csv.Error:
            continue
        width, share = _usual_width(rows)
        rank = (share if width > 1 else 0.0, width)
        if rank > best_rank:
            best, best_rank = Shape(delimiter, _header_row(rows)), rank
    lines = [line.split() for line in start.splitlines()[:HEAD] if line.strip()]
    width, share = _usual_width(lines)
    if best_rank[0] < 0.5 and width > 1 and share > 0.9:
        return Shape(BLANKS, _header_row(lines))
    return best


def _fewest_cells(copy: Path, shape: Shape) -> int | None:
    """The fewest cells of a row at the start of a file, where rows lack at most their last three."""
    with copy.open("rb") as stream:
        start = stream.read(HEAD_SIZE).decode("utf-8", "replace")
    rows = list(csv.reader(io.StringIO(start, newline=""), delimiter=shape.delimiter or ","))[:-1]
    widths = [len(row) for row in rows[shape.header_row :] if any(cell.strip() for cell in row)]
    width = len(rows[shape.header_row - 1]) if len(rows) >= shape.header_row else 0
    least = min(widths, default=width)
    return least if max(widths, default=0) <= width and width - 3 <= least < width else None


def _usual_width(rows: Sequence[Sequence[str]]) -> tuple[int, float]:
    """The most frequent number of cells, and the share of rows that have it."""
    widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    if not widths:
        return 0, 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return width, count / sum(widths.values())


def _header_row(rows: Sequence[Sequence[str]]) -> int:
    """The number of the row that is the header, counted from 1; 0 where the first row is a record.

    A header has as many cells as most rows, no number, no cell twice, and words that headers have.
    """
    width, _ = _usual_width(rows)
    best, best_score = 0, 0.0
    for number, row in enumerate(rows, start=1):
        filled = [cell.strip() for cell in row if cell.strip()]
        if len(filled) * 2 <= width or len(row) < width - 1:
            continue
        known = sum(header_words.normal(cell) in header_words.known() for cell in filled)
        numbers = sum(bool(_NUMBER.fullmatch(cell)) for cell in filled)
        doubled = len(filled) - len(set(filled))
        score = (3 * known + len(filled) - 4 * numbers - doubled) / len(filled)
        if score > best_score + (0.5 if best else 0):
            best, best_score = number, score
    return best if best and _is_header(rows, best, width) else 0


def _is_header(rows: Sequence[Sequence[str]], number: int, width: int) -> bool:
    """Whether a row differs from the rows below it: by known words, or by having no number where they do."""
    row, below = rows[number - 1], [row for row in rows[number:] if len(row) == width]
    filled = [cell for cell in row if cell.strip()]
    if header_words.is_header_like(row) or sum(map(names.is_word_of_headers, filled)) * 2 >= len(filled):
        return True
    return any(
        not _NUMBER.fullmatch(cell.strip())
        and below
        and all(_NUMBER.fullmatch(other[i].strip()) for other in below if other[i].strip())
        for i, cell in enumerate(row[:width])
        if cell.strip()
    )
