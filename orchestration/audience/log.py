"""The log of exports: one line of JSON per event, appended only. It never holds an identifier or its hash.

Each line has the SHA-256 of the line before it, so that a changed or removed line is found.
"""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.audience.files import make_private, root
from orchestration.config.settings import Settings


def path_of(settings: Settings) -> Path:
    """Where the log is."""
    return root(settings) / "log.jsonl"


def read(settings: Settings) -> list[dict[str, Any]]:
    """Every event, oldest first."""
    path = path_of(settings)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def append(settings: Settings, event: str, **facts: Any) -> dict[str, Any]:
    """Add an event: export, removal_due."""
    path = path_of(settings)
    make_private(path.parent)
    lines = path.read_bytes().splitlines() if path.exists() else []
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "event": event,
        **facts,
        "previous": hashlib.sha256(lines[-1]).hexdigest() if lines else "",
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return entry


def first_broken(settings: Settings) -> int | None:
    """Number of the first line that does not follow the line before it, None where the log is whole."""
    path, previous = path_of(settings), ""
    lines = path.read_bytes().splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        if json.loads(line)["previous"] != previous:
            return number
        previous = hashlib.sha256(line).hexdigest()
    return None


def removals_due(events: list[dict[str, Any]], segment: str, platform: str) -> int:
    """Identifiers of removed persons that the platform still holds since the last uploaded list."""
    due = 0
    for entry in events:
        if (entry["segment"], entry["platform"]) == (segment, platform):
            if entry["event"] == "removal_due":
                due += entry["identifiers"]
            elif entry["is_written"]:
                due = 0
    return due
