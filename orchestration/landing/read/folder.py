"""The files of the inbox folder: their names as people read them, and what is no file to land.

Links are not followed: a link may lead out of the inbox, and what it leads to has a place of its own.
"""

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

PASSING = (".part", ".tmp", ".crdownload", ".download", ".swp")
_KINDS = (
    (stat.S_ISLNK, "is a symbolic link, and links are not followed; put the file itself there"),
    (stat.S_ISFIFO, "is a pipe, not a file; put a file there"),
    (stat.S_ISSOCK, "is a socket, not a file; put a file there"),
    (stat.S_ISREG, ""),
    (lambda mode: True, "is a device, not a file; put a file there"),
)


@dataclass
class Listing:
    """What lies in a folder and below; names are relative to it."""

    files: list[tuple[str, Path, float]] = field(default_factory=list)
    """Name, path and modified time of every file."""
    not_taken: list[tuple[str, str]] = field(default_factory=list)
    """Name and reason of what is no file of its own: links, pipes, devices."""
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    """Name and reason of folders and files that cannot be looked at."""


def listing(folder: Path) -> Listing:
    """Every file below a folder, in the order of paths; hidden and half-written ones are left out."""
    found, names = Listing(), set[str]()
    for path, trouble in sorted(_walk(folder), key=lambda item: os.fsencode(item[0])):
        name = readable_name(os.fsencode(path.relative_to(folder)))
        if is_hidden(name) or path.suffix.lower() in PASSING:
            continue
        try:
            state = path.lstat()
        except OSError as error:
            trouble = trouble or error
        if trouble is not None:
            found.unreadable.append(
                (name, f"{name}: cannot be read ({trouble.strerror}); correct its rights")
            )
        elif reason := next(text for is_kind, text in _KINDS if is_kind(state.st_mode)):
            found.not_taken.append((name, reason))
        elif name in names:
            found.not_taken.append(
                (name, "another file has this name in another encoding; rename one of them")
            )
        else:
            names.add(name)
            found.files.append((name, path, state.st_mtime))
    return found


def _walk(folder: Path) -> Iterator[tuple[Path, OSError | None]]:
    """Everything but folders, and folders that cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            listed = list(entries)
    except OSError as error:
        yield folder, error
        return
    for entry in listed:
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith((".", "~$")):
                yield from _walk(Path(entry.path))
        else:
            yield Path(entry.path), None


def is_hidden(name: str) -> bool:
    """Whether a part of the name says that programs keep something there."""
    return any(part.startswith((".", "~$")) for part in PurePosixPath(name).parts)


def readable_name(raw: bytes) -> str:
    """A name as people read it: UTF-8, else GB18030 part by part, else with escapes; NFC.

    Archives from Chinese Windows that are unpacked on Linux leave names in GBK. Control characters
    are escaped, so that no name changes a terminal or breaks a line.
    """
    text = "/".join(_decoded(part) for part in raw.split(b"/"))
    return plain_name(text)


def plain_name(text: str) -> str:
    """A name in NFC whose control characters and lone surrogates are escaped."""
    kept = (c if _is_plain(c) else c.encode("unicode_escape").decode("ascii") for c in text)
    return unicodedata.normalize("NFC", "".join(kept))


def _is_plain(character: str) -> bool:
    # Cf holds the marks that reverse the direction of a line.
    kind = unicodedata.category(character)
    return kind not in ("Cc", "Cs", "Zl", "Zp") and not "\u202a" <= character <= "\u202e"


def _decoded(part: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return part.decode(encoding)
        except UnicodeDecodeError:
            continue
    return part.decode("utf-8", errors="backslashreplace")
