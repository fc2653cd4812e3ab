"""Reads malformed text tables record by record, so that each bad record gets its row number.

Writes a clean copy (`_line`, then the cells) for DuckDB and returns the records that have no place
in it. Slower than DuckDB's reader, therefore used only for files that the strict reader refuses.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.landing.read import totals
from orchestration.landing.read.source import Head, Refused
from orchestration.landing.read.totals import NOTE_ROW
from orchestration.system.landing_errors import FileRejected


class _EndlessRecord(Exception):
    """The lines of one record are longer than a line may be."""


class _Lines:
    """Physical lines, remembering those of the record that is being read."""

    def __init__(self, lines: Iterator[str], max_length: int) -> None:
        self.lines, self.max_length = lines, max_length
        self.record: list[str] = []
        self.length = 0

    def restart(self) -> None:
        """The next line begins a record."""
        self.record.clear()
        self.length = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.record.append(line)
        self.length += len(line)
        if self.length > self.max_length:
            raise _EndlessRecord
        return line


@dataclass
class CleanCopy:
    """A copy with as many cells in each row as headers, and what has no place in it."""

    path: Path
    refused: list[Refused] = field(default_factory=list)
    rows: int = 0
    ended_early: int = 0
    """Rows whose last cells were missing."""


def rewrite(
    path: Path, name: str, head: Head, folder: Path, max_line: int, least: int | None = None
) -> CleanCopy:
    """A clean copy of a text table. Raises `FileRejected` for a quote that is never closed.

    A row whose quoted cells hold lines may have `max_line` characters. A row may have `least` cells instead of all.
    """
    copy = CleanCopy(folder / f"{path.name}.clean")
    width = len(head.headers)
    least = width if least is None else least
    with (
        path.open(encoding="utf-8", newline="") as stream,
        copy.path.open("w", encoding="utf-8", newline="") as sink,
    ):
        lines = _Lines(iter(stream), max_line)
        reader = csv.reader(lines, delimiter=head.delimiter, strict=True)
        write = csv.writer(sink, lineterminator="\n", quoting=csv.QUOTE_MINIMAL).writerow
        number, is_below = 0, False
        while True:
            lines.restart()
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return copy
            except _EndlessRecord:
                raise FileRejected(
                    f"{name}: row {number} goes on for more than {max_line:,} characters, most likely "
                    "because a quote in it is not closed; correct that row, or raise landing.max_line in shop.yml"
                ) from None
            except csv.Error as error:
                copy.refused.append(_broken(lines.record, number, name, str(error)))
                continue
            if number <= head.record or not cells:
                continue
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            if len(cells) == width or _may_end(cells, least, width, is_below):
                _refuse_swallowed(cells, number, head, name)
                copy.ended_early += len(cells) < width
                write([number, *cells, *[""] * (width - len(cells))])
                copy.rows += 1
            elif any(cells):
                is_below = is_below or totals.starts_second_table(cells[0])
                copy.refused.append(_ragged(cells, number, head, name, is_below))


def _may_end(cells: list[str], least: int, width: int, is_below: bool) -> bool:
    """Whether a row with fewer cells than headers is a record; total rows and notes are none."""
    is_short = least <= len(cells) < width and any(cells)
    return is_short and not is_below and not totals.is_total(cells[0]) and not totals.is_note(cells)


def _broken(record: list[str], number: int, name: str, error: str) -> Refused:
    if len(record) > 1 or "unexpected end" in error:
        raise FileRejected(
            f"{name}: the quote opened in row {number} is not closed, so the rows after it cannot be "
            "told apart; correct that row or export the file again"
        )
    text = "".join(record).rstrip("\r\n")
    reason = "A quoted cell goes on after its closing quote; double the quotes within the cell."
    return Refused(number, "broken_quotes", reason, json.dumps({"line": text}, ensure_ascii=False))


def _refuse_swallowed(cells: list[str], number: int, head: Head, name: str) -> None:
    """A cell whose further lines look like rows: a stray quote opened it and another closed it."""
    commas = len(head.headers) - 1
    for cell in cells:
        if "\n" in cell and commas > 2:
            inner = cell.splitlines()[1:]
            if any(line.count(head.delimiter) == commas for line in inner):
                raise FileRejected(
                    f"{name}: a quote in row {number} swallows the rows after it; "
                    "correct that row or export the file again"
                )


def _ragged(cells: list[str], number: int, head: Head, name: str, is_below: bool) -> Refused:
    """A row with more or fewer cells than the header; `is_below`: a second table has begun above it."""
    width = len(head.headers)
    for cell in cells:
        inner = cell.splitlines()[1:]
        if any(line.count(head.delimiter) >= max(width - 2, 1) for line in inner):
            raise FileRejected(
                f"{name}: a quote in row {number} swallows the rows after it; "
                "correct that row or export the file again"
            )
    payload = dict(zip(head.headers, cells, strict=False))
    if len(cells) > width:
        payload["(further cells)"] = head.delimiter.join(cells[width:])
    text = json.dumps(payload, ensure_ascii=False)
    if is_below or totals.is_total(cells[0]):
        reason = "Total row with another number of cells; not compared."
        return Refused(number, "total_row", reason, text)
    if totals.is_note(cells):
        return Refused(number, "note_row", NOTE_ROW, text)
    reason = (
        f"The row has {len(cells)} cells, the header has {width}; correct the row in the source."
    )
    return Refused(number, "ragged_row", reason, text)
