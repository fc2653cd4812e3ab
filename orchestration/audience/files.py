"""The files of an export: lists to upload, lists to remove, and what a platform holds since the last upload.

Files are readable by their owner only. `uploaded.csv` (kind, hash) is what the platform holds of a segment.
"""

import csv
import hashlib
import io
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.audience.platforms import AudienceError, Platform, Rule
from orchestration.audience.selection import Digests
from orchestration.config.settings import Settings

_EPOCH = (2000, 1, 1, 0, 0, 0)
"""The same list gives the same archive, whenever it is written."""
UPLOADED = "uploaded.csv"


@dataclass(frozen=True)
class Written:
    """A file with the SHA-256 of its content and its number of rows."""

    path: Path
    sha256: str
    rows: int


def root(settings: Settings) -> Path:
    """Where audiences are."""
    return settings.private / "audiences"


def folder(settings: Settings, segment: str, platform: str) -> Path:
    """The folder of a segment for a platform; the code of a segment never leads out of it."""
    if not re.fullmatch(r"\w[\w.-]*", segment):
        raise AudienceError(
            "The code of a segment has letters, digits, `_`, `-` and `.` only; choose another code."
        )
    return root(settings) / segment / platform


def write_list(
    place: Path, name: str, platform: Platform, rules: dict[str, Rule], digests: Digests
) -> list[Written]:
    """Write hashes in the form of the platform. `name` has the time and the kind of list."""
    written = []
    for part, (stem, text, rows) in enumerate(_texts(platform, rules, digests), start=1):
        more = f"-{part}" if rows == platform.max_rows or part > 1 else ""
        inner = f"{name}{stem}{more}.{'txt' if platform.form == 'lines' else 'csv'}"
        data = text.encode()
        if platform.is_zipped:
            data, file = zipped(inner, data), f"{inner.removesuffix('.txt')}.zip"
        else:
            file = inner
        write_private(place / file, data)
        written.append(Written(place / file, hashlib.sha256(data).hexdigest(), rows))
    return written


def _texts(
    platform: Platform, rules: dict[str, Rule], digests: Digests
) -> Iterator[tuple[str, str, int]]:
    """Name, content and rows of each file."""
    if platform.form == "lines":
        for kind, found in digests.items():
            for chunk in _chunks([[one] for one in sorted(found)], platform.max_rows):
                yield f"-{rules[kind].column}", "".join(f"{one}\n" for (one,) in chunk), len(chunk)
        return
    kinds = list(rules)
    rows = [
        [one if kind == other else "" for other in kinds]
        for kind in kinds
        for one in sorted(digests[kind])
    ]
    for chunk in _chunks(rows, platform.max_rows):
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([rules[kind].column for kind in kinds])
        writer.writerows(chunk)
        yield "", out.getvalue(), len(chunk)


def _chunks(rows: list[list[str]], size: int) -> Iterator[list[list[str]]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def zipped(name: str, data: bytes) -> bytes:
    """A zip archive with one member; the same content gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, the folders above included; whole or not at all."""
    make_private(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def make_private(folder: Path) -> None:
    """Create a folder and those above it so that only their owner can enter; existing ones stay as they are."""
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def read_uploaded(place: Path) -> Digests:
    """What the platform holds since the last export, by kind."""
    found: Digests = {}
    path = place / UPLOADED
    if path.exists():
        with path.open(encoding="ascii", newline="") as file:
            for kind, one in csv.reader(file):
                found.setdefault(kind, set()).add(one)
    return found


def write_uploaded(place: Path, digests: Digests) -> None:
    """Remember what the platform holds once the files of this export are uploaded."""
    lines = [f"{kind},{one}\n" for kind in sorted(digests) for one in sorted(digests[kind])]
    write_private(place / UPLOADED, "".join(lines).encode())
