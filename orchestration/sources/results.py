"""What a fetch did, for the terminal, JSON and Dagster."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class PartResult:
    """One table or resource: the rows read, and the files that they are in; none if nothing is new."""

    name: str
    rows: int = 0
    files: list[str] = field(default_factory=list)
    reads: str = "changes"
    """`all` rows or `changes`."""


@dataclass
class SourceResult:
    """One source. With an `error` it brought nothing new, or for an API only some resources."""

    name: str
    type: str
    parts: list[PartResult] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def is_new(self) -> bool:
        """Whether a file was added."""
        return any(part.files for part in self.parts)


@dataclass
class FetchReport:
    """All sources of one fetch, in the order of shop.yml."""

    sources: list[SourceResult] = field(default_factory=list)

    @property
    def failed(self) -> list[SourceResult]:
        """Sources that could not be fetched."""
        return [source for source in self.sources if source.error]

    def facts(self) -> dict[str, Any]:
        """The report as JSON."""
        return asdict(self)
