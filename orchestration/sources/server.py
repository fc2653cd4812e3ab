"""What a database server offers: columns, one transaction for all reads, and rows as text.

Every value is turned into text by the server itself, so that no digit, zone or character is lost on
the way: numbers without a limit of digits, NaN, dates such as 0000-00-00, 19-digit ids.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, Self

Kind = Literal["number", "time", "day", "other"]


@dataclass(frozen=True)
class Column:
    """A column: its type in the words of the server, and the SQL that gives its value as text."""

    name: str
    data_type: str
    text: str
    kind: Kind = "other"
    """What a cursor can be: whole numbers, times or days."""


@dataclass(frozen=True)
class Rows:
    """Which rows of a table are read, and which columns. `since`: SQL on the cursor, or all rows."""

    table: str
    columns: tuple[Column, ...]
    since: str = ""
    order: tuple[str, ...] = ()


class Server(Protocol):
    """One connection, in one read-only transaction that sees the state of its beginning."""

    def __enter__(self) -> Self:
        """Connect and begin. Raises SourceError."""
        ...

    def __exit__(self, *_: object) -> None:
        """Roll back and disconnect."""
        ...

    def columns(self, table: str) -> list[Column]:
        """The columns in the order of the table. Raises SourceError where there is no such table."""
        ...

    def highest(self, table: str, cursor: Column) -> str | None:
        """The highest value of a cursor, at most the present time, as text; None without rows."""
        ...

    def since(self, cursor: Column, value: str, overlap: str) -> str:
        """SQL that is true for rows from `overlap` before a value of the cursor on, and without a value."""
        ...

    def write(self, rows: Rows, path: Path, note: str) -> int:
        """Write rows as a Parquet file of text, with a note in its footer; how many."""
        ...
