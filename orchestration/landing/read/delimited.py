"""Text tables: which delimiter, which row is the header, and the fast, strict way to read the rest.

DuckDB reads clean files; whatever it refuses goes row by row through `lenient_csv.py`.
"""

import csv
import io
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from orchestration.landing.read import headers, lenient_csv
from orchestration.landing.read.encoding import Text
from orchestration.landing.read.source import Head, Reading, Source
from orchestration.system.landing_errors import FileRejected
from orchestration.system.sql import quoted

BLANKS, _SIGN = "blanks", "\x1f"
DELIMITERS = (",", "\t", ";", "|", "\x01", "^", "~")
HEAD, HEAD_SIZE = 50, 4 << 20
LINE = 16 << 20
"""The length of a line for which DuckDB's buffers are made; longer lines need larger ones."""
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))


def open_delimited(text: Text, reading: Reading) -> Source:
    """The file as a source. Raises `FileRejected` when no row has the mapped headers."""
    if text.path.stat().st_size == 0:
        raise FileRejected(f"{reading.name}: is empty; export it again")
    given = (reading.delimiter or "").replace("\\t", "\t")
    if len(given) > 1:
        text = _with_one_sign(text, given, reading)
        reading = replace(reading, delimiter=_SIGN)
    head = _head(text.path, reading)
    warnings = text.warnings + headers.check(head.headers, reading.want, reading.name)
    plain = Source(
        head.headers,
        _read_csv(text.path, head, skip=head.lines, longest=text.longest),
        first_row=head.record + 1,
        encoding=text.encoding,
        delimiter=given or head.delimiter,
        refused=list(head.notes),
        warnings=warnings,
        lines=text.lines - head.lines,
        longest=text.longest,
    )

    def careful() -> Source:
        max_line = reading.limits.max_line
        copy = lenient_csv.rewrite(
            text.path, reading.name, head, reading.folder, max_line, _least_cells(head, reading)
        )
        # No row is longer than its file; quotes may be doubled, and the row number comes before.
        longest = min(copy.path.stat().st_size, 2 * max_line + LINE)
        relation = _read_csv(copy.path, head, 0, delimiter=",", numbered=True, longest=longest)
        early = f"rows that end before the last column: {copy.ended_early:,}; the missing cells are empty"
        return replace(
            plain,
            relation=relation,
            row_number="cast(_line as bigint)",
            refused=[*head.notes, *copy.refused],
            warnings=[*warnings, early] if copy.ended_early else warnings,
            rows=copy.rows,
            longest=longest,
        )

    return careful() if text.blank_lines else replace(plain, retry=careful)


def _least_cells(head: Head, reading: Reading) -> int | None:
    """How many cells a row must have, if the mapping lets rows end early."""
    if reading.may_end_before is None:
        return None
    place = headers.find(reading.may_end_before, headers.index_of(head.headers))
    if place is None:
        raise FileRejected(
            f"{reading.name}: has no header {reading.may_end_before}, which may_end_before names; "
            "correct it in shop.yml"
        )
    return place


def _with_one_sign(text: Text, delimiter: str, reading: Reading) -> Text:
    """A copy in which one sign stands for a delimiter of several, or for blanks of any number."""
    cut = "[ \t]+" if delimiter == BLANKS else re.escape(delimiter)
    pattern = re.compile(f'"[^"\n]*"|{cut}')
    target = reading.folder / f"{text.path.name}.cells"
    with (
        text.path.open(encoding="utf-8", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as sink,
    ):
        for line in source:
            if _SIGN in line:
                raise FileRejected(
                    f"{reading.name}: holds the control character U+001F, which a delimiter of several "
                    "signs needs; export it with another delimiter"
                )
            bare = line.rstrip("\r\n")
            end = line[len(bare) :]
            bare = bare.strip(" \t") if delimiter == BLANKS else bare
            sink.write(pattern.sub(lambda m: m[0] if m[0][0] == '"' else _SIGN, bare) + end)
    return replace(text, path=target)


def _read_csv(
    path: Path,
    head: Head,
    skip: int,
    delimiter: str | None = None,
    numbered: bool = False,
    longest: int = 0,
) -> str:
    size = f"{LINE}" if longest < LINE else f"{longest + 1}, buffer_size={2 * longest}"
    names = (["_line"] if numbered else []) + [f"c{i}" for i in range(len(head.headers))]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    return (
        f"read_csv({quoted(str(path))}, auto_detect=false, header=false, skip={skip}, "
        f"columns={{{columns}}}, delim={quoted(delimiter or head.delimiter)}, quote='\"', "
        f"escape='\"', strict_mode=true, max_line_size={size})"
    )


def _first_records(path: Path, delimiter: str, count: int) -> list[tuple[list[str], int]]:
    """Records with the number of physical lines read up to the end of each."""
    with path.open(encoding="utf-8", newline="") as stream:
        # A stray quote must not make the rest of a large file one cell.
        start = io.StringIO(stream.read(HEAD_SIZE), newline="")
        reader = csv.reader(start, delimiter=delimiter)
        try:
            return [(row, reader.line_num) for row in islice(reader, count)]
        except csv.Error:
            return []


def _head(path: Path, reading: Reading) -> Head:
    """The header under the delimiter that shows most of the mapped headers."""
    given = reading.delimiter.replace("\\t", "\t") if reading.delimiter else None
    best: Head | None = None
    best_score: tuple[int, int, int] = (-1, -1, -1)
    for delimiter in (given,) if given else _candidates(path):
        records = _first_records(path, delimiter, max(HEAD, reading.header_row or 0))
        if not records:
            continue
        rows = [row for row, _ in records]
        place, score = _place(rows, reading)
        names, below = headers.joined(rows, place, reading.levels), place + reading.levels
        # Without headers the delimiter is that by which the rows have as many cells as the first.
        alike = sum(len(row) == len(names) for row in rows)
        rank = (*score, alike if reading.levels == 0 else len(names))
        if rank > best_score:
            cells = headers.unique(_without_tail(names, rows[below:]))
            lines = records[min(below, len(records)) - 1][1] if below else 0
            best, best_score = Head(delimiter, cells, below, lines), rank
            if headers.explains(rows[below : below + 1], cells, reading):
                note = headers.explanation(rows[below], cells, below + 1)
                best = replace(best, record=below + 1, lines=records[below][1], notes=(note,))
    if best is None:
        raise FileRejected(f"{reading.name}: no rows can be read; is it a text table?")
    if any("\n" in cell and cell.count(best.delimiter) > 1 for cell in best.headers):
        raise FileRejected(
            f"{reading.name}: a quote in the header swallows the rows after it; "
            "correct the header or export the file again"
        )
    return best


def _candidates(path: Path) -> list[str]:
    """The delimiters that the start of the file has, and one that it has not: all of those cut nothing."""
    with path.open(encoding="utf-8", newline="") as stream:
        start = stream.read(HEAD_SIZE)
    absent = [delimiter for delimiter in DELIMITERS if delimiter not in start]
    return [one for one in DELIMITERS if one not in absent[1:]]


def _place(rows: Sequence[Sequence[str]], reading: Reading) -> tuple[int, tuple[int, int]]:
    row = reading.header_row
    if row is not None and row > len(rows):
        raise FileRejected(
            f"{reading.name}: header_row is {row}, but the file has {len(rows)} rows"
        )
    return headers.place_of(rows, reading.want, reading.levels, row)


def _without_tail(cells: list[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Drop blank cells at the end of a header when no row of the head has a cell there."""
    width = max((len(row) for row in rows), default=len(cells))
    while len(cells) > max(width, 1) and not cells[-1].strip():
        cells = cells[:-1]
    return cells
