"""A message as plain text of at most 80 columns; a Chinese character takes two columns."""

from rich.cells import cell_len

from orchestration.messages.document import Document, Section, Table, one_line

WIDTH = 80
_GAP = 2
_NOT_AT_START = "，。、；：！？）》」』%％,.;:!?)"


def as_text(document: Document) -> str:
    """Title, introduction and sections, separated by blank lines; ends with a line break."""
    parts = [
        "\n".join(
            line for text in (document.title, *document.intro) for line in wrapped(one_line(text))
        )
    ]
    parts += ["\n".join(_section(section)) for section in document.sections]
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> list[str]:
    lines = wrapped(one_line(section.title)) if section.title else []
    if section.table:
        lines += _table(section.table)
    for note in section.notes:
        lines += wrapped(f"  {one_line(note)}", hang=4)
    for item in section.items:
        lines += wrapped(f"- {one_line(item)}", hang=2)
    return lines


def _table(table: Table) -> list[str]:
    rows = [tuple(one_line(head) for head in table.heads)]
    rows += [tuple(one_line(cell.text) for cell in row) for row in table.rows]
    widths = [max(cell_len(row[i]) for row in rows) for i in range(1, len(table.heads))]
    room = WIDTH - 2 - sum(widths) - _GAP * len(widths)
    names = min(max(cell_len(row[0]) for row in rows), max(room, 8))
    lines = []
    for name, *figures in rows:
        first, *more = wrapped(name, names) or [""]
        line = f"  {first}{' ' * (names - cell_len(first))}"
        for figure, width in zip(figures, widths, strict=True):
            line += " " * (_GAP + width - cell_len(figure)) + figure
        lines += [line.rstrip(), *(f"  {rest}" for rest in more)]
    return lines


def wrapped(text: str, width: int = WIDTH, hang: int = 0) -> list[str]:
    """The lines of a text, broken between words and between Chinese characters.

    Lines after the first are indented by `hang`. A word wider than a line is broken.
    """
    lines, line = [], ""
    for piece in _pieces(text):
        blank = " " * (hang if lines else 0)
        if line.strip() and cell_len(blank + line + piece.rstrip()) > width:
            lines.append((blank + line).rstrip())
            line, blank, piece = "", " " * hang, piece.lstrip()
        while cell_len(blank + line + piece.rstrip()) > width:
            room = width - cell_len(blank + line)
            cut = _cells(piece, room)
            lines.append((blank + line + piece[:cut]).rstrip())
            line, blank, piece = "", " " * hang, piece[cut:]
        line += piece
    if line.strip():
        lines.append((" " * (hang if lines else 0) + line).rstrip())
    return lines


def _pieces(text: str) -> list[str]:
    """What stays together: a word with the blanks behind it, or one wide character with its closing sign."""
    pieces: list[str] = []
    for letter in text:
        after = pieces[-1][-1] if pieces else ""
        breaks = not pieces or (
            letter not in _NOT_AT_START + " "
            and (after == " " or cell_len(letter) > 1 or cell_len(after) > 1)
        )
        if breaks:
            pieces.append(letter)
        else:
            pieces[-1] += letter
    return pieces


def _cells(text: str, width: int) -> int:
    """How many letters fit, at least one."""
    count = 0
    while count < len(text) and cell_len(text[: count + 1]) <= width:
        count += 1
    return max(count, 1)
