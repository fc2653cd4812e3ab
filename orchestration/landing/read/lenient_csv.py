"""Reads malformed text tables record by record, so that each bad record gets its row number.

Writes a clean copy (`_line`, then the cells) for DuckDB and returns the records that have no place
in it. Slower than DuckDB's reader, therefore used only for files that the strict reader refuses.
"""

import csv
import json
from collections.abc import Iterator
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


def rewrite(
    path: Path, name: str, head: Head, folder: Path, max_line: int
) -> tuple[Path, list[Refused], int]:
    """A clean copy, the refused rows and how many rows the copy has. Raises `FileRejected` for a quote that is never closed.

    A row whose quoted cells hold lines may have `max_line` characters.
    """
    target = folder / f"{path.name}.clean"
    refused: list[Refused] = []
    width, written = len(head.headers), 0
    with (
        path.open(encoding="utf-8", newline="") as stream,
        target.open("w", encoding="utf-8", newline="") as sink,
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
                return target, refused, written
            except _EndlessRecord:
                raise FileRejected(
                    f"{name}: row {number} goes on for more than {max_line:,} characters, most likely "
                    "because a quote in it is not closed; correct that row, or raise landing.max_line in shop.yml"
                ) from None
            except csv.Error as error:
                refused.append(_broken(lines.record, number, name, str(error)))
                continue
            if number <= head.record or not cells:
                continue
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            if len(cells) == width:
                _refuse_swallowed(cells, number, head, name)
                write([number, *cells])
                written += 1
            elif any(cells):
                is_below = is_below or totals.starts_second_table(cells[0])
                refused.append(_ragged(cells, number, head, name, is_below))


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
