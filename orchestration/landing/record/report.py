"""Progress and report of a landing. Imports nothing heavy: every command reads it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from orchestration.landing.read.totals import NO_RECORDS

UNMAPPED = "headers that no mapping reads, kept in _extra"
"""How the warning about cells without a mapping begins; most exports have some."""

Status = Literal["landed", "unchanged", "rejected"]


@dataclass
class Counts:
    """Rows of one file or feed: read = accepted + unchanged + replaced + quarantined.

    Beside them, rows of the file that its mapping leaves out, and rows of earlier files that it withdrew.
    """

    accepted: int = 0
    unchanged: int = 0
    replaced: int = 0
    quarantined: int = 0
    left_out: int = 0
    withdrawn: int = 0

    @property
    def read(self) -> int:
        """All rows of the source."""
        return self.accepted + self.unchanged + self.replaced + self.quarantined

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.accepted + other.accepted,
            self.unchanged + other.unchanged,
            self.replaced + other.replaced,
            self.quarantined + other.quarantined,
            self.left_out + other.left_out,
            self.withdrawn + other.withdrawn,
        )


@dataclass(frozen=True)
class Reason:
    """Why rows of one file went to quarantine: one fact per column and code, never a value.

    `example_row` is the first such row as a spreadsheet numbers it, `reason` its words.
    """

    feed: str
    file: str
    column: str | None
    reason_code: str
    count: int
    example_row: int
    reason: str

    @property
    def is_no_record(self) -> bool:
        """Whether the row adds up or explains other rows; it is listed apart from refused rows."""
        return self.reason_code in NO_RECORDS


@dataclass
class FileResult:
    """What became of one file of one mapping. An unchanged file was not read again."""

    feed: str
    file: str
    status: Status
    source_system: str | None = None
    shop_id: str | None = None
    counts: Counts = field(default_factory=Counts)
    error: str | None = None
    warnings: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)


@dataclass(frozen=True)
class Event:
    """Progress: a file is `started`, or `done` with its result. `number` of `total` counts files."""

    kind: Literal["started", "done"]
    feed: str
    file: str
    number: int
    total: int
    result: FileResult | None = None


Report = Callable[[Event], None]


@dataclass
class LandingReport:
    """The outcome of one landing. `batch_id` is None when nothing was new."""

    batch_id: str | None = None
    dry_run: bool = False
    files: list[FileResult] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    not_connected: list[str] = field(default_factory=list)
    not_taken: list[tuple[str, str]] = field(default_factory=list)
    """Name and reason of what is no file to land, such as links."""

    def _with(self, status: Status) -> list[FileResult]:
        return [file for file in self.files if file.status == status]

    @property
    def landed(self) -> list[FileResult]:
        """Files that were read."""
        return self._with("landed")

    @property
    def unchanged(self) -> list[FileResult]:
        """Files whose content had landed before."""
        return self._with("unchanged")

    @property
    def rejected(self) -> list[FileResult]:
        """Files of which nothing landed; `error` says why and what to do."""
        return self._with("rejected")

    @property
    def totals(self) -> dict[str, Counts]:
        """Counts by feed, over the files that landed."""
        totals: dict[str, Counts] = {}
        for file in self.landed:
            totals[file.feed] = totals.get(file.feed, Counts()) + file.counts
        return totals

    @property
    def reasons(self) -> list[Reason]:
        """Why rows were refused, file by file, the most frequent reason of a file first."""
        return [reason for file in self.files for reason in file.reasons]

    @property
    def warnings(self) -> list[str]:
        """Every warning with its file, unmatched files included."""
        found = [
            f"{file.file} ({file.feed}): {text}" for file in self.files for text in file.warnings
        ]
        found += [f"{name}: {reason}" for name, reason in self.not_taken]
        return found + [
            f"{name}: no mapping of shop.yml takes this file" for name in self.unmatched
        ]

    def facts(self) -> dict[str, Any]:
        """The report as plain values, for JSON."""
        facts = asdict(self)
        for file, result in zip(facts["files"], self.files, strict=True):
            file["counts"]["read"] = result.counts.read
        return facts | {"warnings": self.warnings}
