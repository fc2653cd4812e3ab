"""Files on their way into the inbox: all files of a fetch arrive, or none.

They are written to `<inbox>/.fetching/<source>/`, which landing does not read. When all are on the disk,
a note with the files and the next state is written; then the files are renamed and the state replaced.
A process that ends before the note leaves nothing; one that ends after it is completed by the next fetch.
"""

import hashlib
import json
import os
import shutil
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from orchestration.config.settings import Settings
from orchestration.sources import state as states
from orchestration.sources.state import State
from orchestration.system.files import sync, write_whole

_FOLDER = ".fetching"
_NOTE = "note.json"
_CHUNK = 1 << 20


@dataclass
class Delivery:
    """The files of one fetch of a source, by their names below the inbox."""

    settings: Settings
    source: str
    state: State
    files: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state.stamp = max(int(time.time()), self.state.stamp + 1)
        self.folder = _folder(self.settings, self.source)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    @property
    def name_of_changes(self) -> str:
        """Name of a file of changes: no two fetches of a source have the same."""
        return f"rows-{datetime.fromtimestamp(self.state.stamp, UTC):%Y%m%dT%H%M%S}.parquet"

    def draft(self, name: str) -> Path:
        """Where a file is written that will be `name` below the inbox."""
        path = self.folder / f"{len(self.files)}-{name.rpartition('/')[2]}"
        path.touch(mode=0o600)
        self.files[name] = path
        return path

    def drop(self, name: str) -> None:
        """A file that is not delivered."""
        self.files.pop(name).unlink()

    def commit(self) -> None:
        """Put the files into the inbox and the state into the home."""
        for name, path in self.files.items():
            part = self.state.parts[name.split("/")[1]]
            part.files.pop(name, None)
            part.files[name] = _hash(path)
            sync(path)
        sync(self.folder)
        note = {
            "state": states.as_json(self.state),
            "files": {name: path.name for name, path in self.files.items()},
        }
        write_whole(self.folder / _NOTE, json.dumps(note, ensure_ascii=False))
        finish(self.settings, self.source)


def finish(settings: Settings, source: str) -> None:
    """Complete a delivery whose note was written; remove one that has none."""
    folder = _folder(settings, source)
    try:
        note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        shutil.rmtree(folder, ignore_errors=True)
        return
    state = states.from_json(note["state"])
    for name, draft in note["files"].items():
        path, target = folder / draft, settings.inbox / name
        if path.exists():
            os.utime(path, (state.stamp, state.stamp))
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            sync(target.parent)
    states.write(settings, source, state)
    shutil.rmtree(folder)


def finish_all(settings: Settings) -> None:
    """The same for every source, also for those that shop.yml no longer has."""
    for folder in sorted((settings.inbox / _FOLDER).glob("*")):
        finish(settings, folder.name)


def _folder(settings: Settings, source: str) -> Path:
    return settings.inbox / _FOLDER / source


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
