"""A message as markdown of the chat programs: one block of lines per section, without tables.

No dialect renders tables everywhere, so a row becomes a line. Signs that could start a link, a mention or
a format in a value are replaced by their full-width forms, which every dialect shows as they are.
"""

from dataclasses import dataclass

from orchestration.messages.document import Document, Section, Table, one_line

_FULL_WIDTH = str.maketrans("<>[]*`~|", "＜＞［］＊｀～｜")


@dataclass(frozen=True)
class Dialect:
    """How a chat program writes bold text and separates lines."""

    bold: str = "**"
    line: str = "\n"
    escapes_ampersands: bool = False


WECOM = Dialect()
FEISHU = Dialect()
# In DingTalk a single line break is a blank.
DINGTALK = Dialect(line="\n\n")
SLACK = Dialect(bold="*", escapes_ampersands=True)


def blocks(document: Document, dialect: Dialect) -> list[str]:
    """The introduction, if any, and each section."""
    found = [[plain(line, dialect) for line in document.intro]]
    found += [_section(section, dialect) for section in document.sections]
    return [dialect.line.join(lines) for lines in found if lines]


def plain(text: str, dialect: Dialect) -> str:
    """A value that formats nothing."""
    shown = one_line(text).translate(_FULL_WIDTH)
    return shown.replace("&", "&amp;") if dialect.escapes_ampersands else shown


def within(text: str, most: int) -> str:
    """The text if its UTF-8 takes at most so many bytes, else as many whole lines as fit, and `…`."""
    if len(text.encode()) <= most:
        return text
    lines = text.split("\n")
    while lines and len("\n".join([*lines, "…"]).encode()) > most:
        lines.pop()
    return "\n".join([*lines, "…"])


def _section(section: Section, dialect: Dialect) -> list[str]:
    lines = [_bold(section.title, dialect)] if section.title else []
    if section.table:
        lines += _table(section.table, dialect)
    lines += [plain(note, dialect) for note in section.notes]
    return lines + [f"- {plain(item, dialect)}" for item in section.items]


def _table(table: Table, dialect: Dialect) -> list[str]:
    lines = []
    for name, value, *others in table.rows:
        line = f"- {plain(name.text, dialect)} {_bold(value.text, dialect)}"
        beside = [
            f"{plain(head, dialect)} {plain(cell.text, dialect)}"
            for head, cell in zip(table.heads[2:], others, strict=True)
        ]
        lines.append(f"{line} · {' · '.join(beside)}" if beside else line)
    return lines


def _bold(text: str, dialect: Dialect) -> str:
    return f"{dialect.bold}{plain(text, dialect)}{dialect.bold}"
