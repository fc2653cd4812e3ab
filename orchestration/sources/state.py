"""What was fetched of each part of a source: `<private>/sources/<name>.json`, written whole.

A part is a table or a resource. Its state advances only when its files are in the inbox. If a file is
neither there nor in the archive, the part is read again from the beginning, so that a restored or
damaged home repairs itself.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from orchestration.config.settings import Settings
from orchestration.system.files import write_whole


@dataclass
class Part:
    """State of one table or resource. Times are ISO texts in UTC.

    `signature` identifies the rows of the last file of changes, `whole` those of the last file with all
    rows while no changes came after it, `keys` those of the last list of keys. `files` are the files that
    are not known to have landed, and the last ones, by name: their SHA-256.
    """

    cursor: str | None = None
    until: str | None = None
    """Last day that a resource with days was asked for."""
    meaning: str = ""
    """What shop.yml said of the part at the last fetch."""
    columns: list[list[str]] = field(default_factory=list)
    """Name and type of each column at the last fetch."""
    rows: int = 0
    """Rows of the source when all of them were last seen."""
    signature: str = ""
    whole: str = ""
    keys: str = ""
    keys_at: str = ""
    files: dict[str, str] = field(default_factory=dict)
    fetched_at: str = ""


@dataclass
class State:
    """State of a source, with the reason why its last fetch failed."""

    parts: dict[str, Part] = field(default_factory=dict)
    stamp: int = 0
    """Time of the youngest file, in seconds: later files land after earlier ones."""
    error: str = ""
    error_at: str = ""
    findings: list[str] = field(default_factory=list)
    """What the last fetch noticed, such as a column that is gone."""


def path_of(settings: Settings, source: str) -> Path:
    """Where the state of a source is kept."""
    return settings.private / "sources" / f"{source}.json"


def read(settings: Settings, source: str) -> State:
    """The state; an empty one if there is none or it is damaged, which reads the source again."""
    try:
        return from_json(json.loads(path_of(settings, source).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return State()


def write(settings: Settings, source: str, state: State) -> None:
    """Replace the state."""
    path = path_of(settings, source)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(as_json(state), ensure_ascii=False))


def as_json(state: State) -> dict[str, Any]:
    """The state in the form of its file."""
    return asdict(state)


def from_json(content: dict[str, Any]) -> State:
    """The reverse of `as_json`."""
    content = dict(content)
    parts = {name: Part(**part) for name, part in content.pop("parts").items()}
    return State(parts=parts, **content)


def part_of(state: State, name: str, meaning: str) -> Part:
    """The state of a part; a new one, which reads all rows, if shop.yml means other rows than before."""
    part = state.parts.setdefault(name, Part(meaning=meaning))
    if part.meaning != meaning:
        part = state.parts[name] = Part(meaning=meaning, rows=part.rows)
    return part
