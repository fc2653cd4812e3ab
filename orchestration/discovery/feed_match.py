"""A feed that a table can be."""

from dataclasses import dataclass, field

from orchestration.discovery.candidates import Candidate


@dataclass(frozen=True)
class FeedMatch:
    """A feed that a table can be, with the header for each column found."""

    feed: str
    fit: float
    columns: dict[str, Candidate]
    fill_down: tuple[str, ...] = field(default=())
