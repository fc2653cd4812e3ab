"""How a text table is cut: its delimiter, and the row that is its header."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.discovery import names
from orchestration.landing.read import header_words
from orchestration.landing.read.delimited import BLANKS, DELIMITERS, HEAD_SIZE
from orchestration.landing.read.encoding import to_utf8
from orchestration.landing.read.inbox import Delivery
from orchestration.system.landing_errors import FileRejected

HEAD = 40
"""Rows at the start of a file among which its header is looked for."""
_NUMBER = re.compile(r"[+-]?[¥$€£]?[0-9][0-9.,:%/ -]*")


@dataclass(frozen=True)
class Shape:
    """How a text table is cut, and in which row its header is; row 0 is none."""

    delimiter: str | None
    header_row: int


def text_shape(copy: Path, delivery: Delivery, folder: Path) -> Shape:
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
            best, best_rank = Shape(delimiter, header_row(rows)), rank
    lines = [line.split() for line in start.splitlines()[:HEAD] if line.strip()]
    width, share = _usual_width(lines)
    if best_rank[0] < 0.5 and width > 1 and share > 0.9:
        return Shape(BLANKS, header_row(lines))
    return best


def fewest_cells(copy: Path, shape: Shape) -> int | None:
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


def header_row(rows: Sequence[Sequence[str]]) -> int:
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
    if header_words.is_header_like(row) or sum(map(names.is_word_of_headers, filled)) * 2 >= len(
        filled
    ):
        return True
    return any(
        not _NUMBER.fullmatch(cell.strip())
        and below
        and all(_NUMBER.fullmatch(other[i].strip()) for other in below if other[i].strip())
        for i, cell in enumerate(row[:width])
        if cell.strip()
    )
