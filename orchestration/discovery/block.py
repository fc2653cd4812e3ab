"""One mapping of shop.yml as plain data, with what a person should know of it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Block:
    """One mapping: `content` as in shop.yml, a note per column, and what a person has to look at."""

    feed: str
    content: dict[str, Any]
    notes: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    unordered: list[str] = field(default_factory=list)
    """Columns of dates whose day and month cannot be distinguished."""

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the mapping; empty where a profile has them all."""
        return self.content.get("columns", {})


def listed(value: str | list[str]) -> list[str]:
    """One text or several as a list."""
    return value if isinstance(value, list) else [value]
