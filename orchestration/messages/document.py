"""A message as title, tables and lines in one language, independent of the form in which it is sent."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Mood = Literal["good", "bad", ""]
_BREAKS = ("Cc", "Zl", "Zp")


@dataclass(frozen=True)
class Cell:
    """A cell of a table; the mood is a colour where the form has colours."""

    text: str
    mood: Mood = ""


@dataclass(frozen=True)
class Table:
    """Heads and rows of equal length; the first column holds names, the others figures."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Section:
    """A part of a message: title, table, notes below the table, list."""

    title: str = ""
    table: Table | None = None
    notes: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A message in one language."""

    language: str
    title: str
    intro: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Message:
    """A message in every language, and its facts for programs (`json`)."""

    kind: str
    documents: Mapping[str, Document]
    facts: Mapping[str, Any]
    mood: Mood = ""

    def document(self, language: str) -> Document:
        """The message in a language."""
        return self.documents[language]


def one_line(text: str) -> str:
    """The text without line breaks, control characters and marks that change the direction of writing."""
    spaced = "".join(" " if unicodedata.category(c) in _BREAKS else c for c in text)
    return " ".join("".join(c for c in spaced if unicodedata.category(c) != "Cf").split())
