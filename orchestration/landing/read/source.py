"""A file opened for landing: its headers and a relation of untyped text that SQL can read.

Made by the readers (`delimited.py`, `readers.py`), consumed by `landing/check/plan.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.config.limits import DEFAULTS, Limits

Groups = Sequence[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Wanted:
    """The header groups that a reader of the file needs: one header of each group is enough."""

    purpose: str
    required: Groups
    optional: Groups = ()


@dataclass(frozen=True)
class Reading:
    """How a file is to be opened: what shop.yml says of its shape, and a folder for working copies."""

    name: str
    folder: Path
    want: Wanted
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    limits: Limits = DEFAULTS
    levels: int = 1
    """Rows of the header; 0 where the file has none and columns go by their position."""
    may_end_before: str | None = None
    """A row may lack the cells from this header on."""
    explanation_row: bool = False
    """The row below the header may explain the columns."""
    each: str | None = None
    """A list in each JSON object: its elements are the rows."""

    @property
    def mentioned(self) -> list[str]:
        """Every header asked for."""
        groups = [*self.want.required, *self.want.optional]
        return [header for _, group in groups for header in group]


@dataclass(frozen=True)
class Head:
    """The start of a text table: header cells, the record they stand in, physical lines up to there."""

    delimiter: str
    headers: list[str]
    record: int
    lines: int
    notes: "tuple[Refused, ...]" = ()
    """Rows below the header that explain it; `record` and `lines` count them."""


@dataclass(frozen=True)
class Refused:
    """A row that no relation can hold (ragged, unreadable); it goes to quarantine as it is."""

    row_number: int
    reason_code: str
    reason: str
    payload: str


@dataclass
class Source:
    """Columns c0, c1 … of `relation` carry the cells under `headers` as text.

    Row numbers are those that a spreadsheet shows: the SQL expression `row_number` where given,
    else the order of the relation, counted from `first_row`.
    """

    headers: list[str]
    relation: str
    first_row: int = 1
    row_number: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    refused: list[Refused] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    sparse: frozenset[str] = frozenset()
    """Nested headers that no object of a JSON file has: such keys come and go with the objects."""
    lines: int = 0
    """Line feeds after the header: more than rows when cells have line ends, or a quote swallows rows."""
    longest: int = 0
    """Bytes of the longest line, where lines are read."""
    rows: int | None = None
    """Records in the file, counted apart from reading them: so many must come to the stage."""
    retry: Callable[[], "Source"] | None = None
    """How to open the file again, row by row, when the strict fast way fails on it."""
