"""Tables for people at any width: columns wrap between words, and what does not fit becomes records.

No cell is ever cut. Without a terminal the page is 80 columns wide and lines have no trailing blanks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from orchestration.terminal.console import console

_GAP = 2
_INDENT = 1
_MOST_LINES = 4
"""Lines of a cell above which a row is easier to read as a record."""
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {
    10: "\\n",
    9: "\\t",
}


_Cells = Sequence[Text] | Text


@dataclass(frozen=True)
class _Line:
    """A printed line, and by how much what does not fit the page is indented below it."""

    text: Text
    hang: int = 0


@dataclass(frozen=True)
class Column:
    """The head of a column, and whether its cells stand at the right, as numbers do."""

    head: str
    right: bool = False


def text_of(value: object, null: str = "") -> str:
    """A value as people read it, on one line; control characters, such as those of colours, are spelled."""
    if value is None:
        return null
    if isinstance(value, Decimal):
        return f"{value:f}"
    shown = value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else str(value)
    return shown.translate(_CONTROLS)


def columns_of(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> list[Column]:
    """Columns with these heads; those that hold numbers stand at the right."""
    numeric = int | float | Decimal
    return [
        Column(head, any(isinstance(row[i], numeric) and not isinstance(row[i], bool) for row in rows))
        for i, head in enumerate(heads)
    ]  # fmt: skip


def print_table(
    heads: Sequence[str | Column],
    rows: Sequence[Sequence[object] | Text],
    *,
    title: str = "",
    null: str = "",
    wraps: bool = True,
    page: Console = console,
) -> None:
    """Print rows of values or `Text`s: as a table where they fit the page, else as one record after another.

    A row that is one `Text` stands across all columns, above those that it names. Without `wraps`, cells that need a second line do not fit. `title` is markup.
    """
    values = [row for row in rows if not isinstance(row, Text)]
    named = columns_of([head if isinstance(head, str) else head.head for head in heads], values)
    columns = [
        known if isinstance(head, str) else head for head, known in zip(heads, named, strict=True)
    ]
    cells: list[_Cells] = [
        row
        if isinstance(row, Text)
        else [value if isinstance(value, Text) else Text(text_of(value, null)) for value in row]
        for row in rows
    ]
    if title:
        page.print(f"[bold]{title}[/]", soft_wrap=True)
    lines = _table(columns, cells, page, wraps=wraps) or _records(columns, cells)
    for line in lines:
        line.text.rstrip()
        print_text(line.text, page, hang=line.hang)


def _table(
    columns: Sequence[Column], cells: Sequence[_Cells], page: Console, *, wraps: bool
) -> list[_Line] | None:
    """The lines of a table that fits the page, or None."""
    heads = [Text(column.head, style="bold") for column in columns]
    room = page.width - _INDENT - _GAP * (len(columns) - 1)
    widths = _widths(
        [heads, *(row for row in cells if not isinstance(row, Text))], room, wraps=wraps
    )
    if widths is None:
        return None
    lines: list[_Line] = []
    for row in (heads, *cells):
        if isinstance(row, Text):
            lines.append(_Line(Text.assemble(" " * _INDENT, row), _INDENT))
            continue
        wrapped = [
            cell.wrap(page, width, overflow="fold") if cell.plain else [Text("")]
            for cell, width in zip(row, widths, strict=True)
        ]
        height = max(map(len, wrapped), default=1)
        if height > _MOST_LINES:
            return None
        lines += [
            _Line(
                _joined(
                    [part[i] if i < len(part) else Text("") for part in wrapped], columns, widths
                )
            )
            for i in range(height)
        ]
    return lines


def _joined(parts: Sequence[Text], columns: Sequence[Column], widths: Sequence[int]) -> Text:
    line = Text(" " * _INDENT)
    for number, (part, column, width) in enumerate(zip(parts, columns, widths, strict=True)):
        part.rstrip()
        blank = " " * max(width - cell_len(part.plain), 0)
        line.append(" " * _GAP if number else "")
        line.append(blank if column.right else "")
        line.append_text(part)
        line.append("" if column.right else blank)
    return line


def _widths(rows: Sequence[Sequence[Text]], room: int, *, wraps: bool) -> list[int] | None:
    """A width for each column so that no word is broken, or None where the page is too narrow."""
    across = list(zip(*rows, strict=True))
    wanted = [max(cell_len(cell.plain) for cell in column) for column in across]
    if sum(wanted) <= room or not wraps:
        return wanted if sum(wanted) <= room else None
    least = [max(_longest_word(cell.plain) for cell in column) for column in across]
    if sum(least) > room:
        return None
    # Narrow columns get what they want, and the widest share what is left.
    widths = least.copy()
    waiting = sorted(range(len(least)), key=lambda i: wanted[i])
    while waiting:
        one = waiting.pop(0)
        spare = room - sum(least[i] for i in waiting)
        share = max(room // (len(waiting) + 1), least[one])
        widths[one] = min(wanted[one], share, spare)
        room -= widths[one]
    return widths


def _longest_word(text: str) -> int:
    """Cells of the longest run that must not be broken; Chinese text may be broken anywhere."""
    longest = run = 0
    for letter in text:
        cells = cell_len(letter)
        run = 0 if letter.isspace() else cells if cells > 1 else run + cells
        longest = max(longest, run)
    return longest


def _records(columns: Sequence[Column], cells: Sequence[_Cells]) -> list[_Line]:
    """One line for each column of each row that has a value: its head, and the value in full."""
    width = max((cell_len(column.head) for column in columns), default=0)
    lines: list[_Line] = []
    for number, row in enumerate(cells, start=1):
        if isinstance(row, Text):
            lines.append(_Line(row))
            continue
        if len(cells) > 1:
            lines.append(_Line(Text(f"── {number} ──", style="dim")))
        for column, cell in zip(columns, row, strict=True):
            if not cell.plain:
                continue
            head = column.head + " " * (width - cell_len(column.head))
            text = Text.assemble(" " * _INDENT, (head, "bold"), " " * _GAP, cell)
            lines.append(_Line(text, _INDENT + width + _GAP))
    return lines


def print_text(text: str | Text, page: Console = console, *, hang: int = 0) -> None:
    """Print a text of any length, a string being markup.

    In a terminal it is wrapped between words, and further lines are indented by `hang`; without one
    it is one line.
    """
    if not page.is_terminal:
        page.print(text, soft_wrap=True)
        return
    whole = Text.from_markup(text) if isinstance(text, str) else text
    hang = hang if hang < page.width // 2 else 0
    for paragraph in whole.split("\n", allow_blank=True):
        first, *more = paragraph.wrap(page, page.width, overflow="fold")
        if more:
            rest = paragraph[len(first.plain) :]
            rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
            more = rest.wrap(page, page.width - hang, overflow="fold")
        for line in (first, *(Text(" " * hang).append_text(line) for line in more)):
            line.rstrip()
            page.print(line, soft_wrap=True)
