"""What lies in the inbox: files, members of zip archives, and which mapping each belongs to.

Bytes are handed out decompressed (`Delivery.open`); what they mean is the readers' business.
"""

import gzip
import hashlib
import lzma
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from orchestration.config.limits import CHUNK, DEFAULTS, Limits
from orchestration.config.mapping import FeedMapping
from orchestration.landing.read.folder import is_hidden, listing, plain_name, readable_name
from orchestration.system import faults
from orchestration.system.errors import OperatorError
from orchestration.system.landing_errors import FileRejected, LandingError
from orchestration.system.masking import plain

TORN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    gzip.BadGzipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
    KeyError,
)
_NOWHERE = Path(os.devnull, "nowhere")
"""Missing rights on an export are a fault of the export, wherever it lies."""
_SUFFIX = re.compile(r"\.[a-z0-9]{1,16}")


@dataclass(frozen=True)
class Delivery:
    """One file of the inbox, or one member of an archive. `name` is how people see it."""

    name: str
    path: Path
    modified_at: datetime
    member: str | None = None
    limits: Limits = DEFAULTS

    @property
    def suffix(self) -> str:
        """The suffix of the content, `.gz` seen through, in lower case; none where it is no word."""
        found = PurePosixPath(_ungz(self.name)).suffix.lower()
        return found if _SUFFIX.fullmatch(found) else ""

    @property
    def aliases(self) -> set[str]:
        """The names that a glob may match."""
        names = {self.name, _ungz(self.name)}
        if self.member is not None:
            inner = plain_name(_readable(self.member))
            names |= {inner, PurePosixPath(inner).name}
        return names

    @contextmanager
    def open(self) -> Generator[BinaryIO]:
        """The content, decompressed. Raises `FileRejected` when an archive is torn or locked."""
        try:
            with _opened(self.path) as file:
                if self.member is not None:
                    with zipfile.ZipFile(file) as archive, archive.open(self.member) as stream:
                        yield cast(BinaryIO, stream)
                elif self.is_gzip:
                    with gzip.open(file) as stream:
                        yield cast(BinaryIO, stream)
                else:
                    yield file
        except OperatorError:
            raise
        except TORN as error:
            raise FileRejected(
                f"{self.name}: the archive is torn or locked ({plain(error)}); copy the file again"
            ) from error
        except OSError as error:
            raise FileRejected(
                f"{self.name}: cannot be read ({plain(error)}); correct its rights or copy it again"
            ) from error

    @property
    def is_gzip(self) -> bool:
        """Whether the file is unpacked by itself."""
        return self.member is None and self.path.suffix.lower() == ".gz"

    def packed_size(self) -> int | None:
        """Bytes of the packed content, or None where the content is not packed."""
        if self.is_gzip:
            return self.path.stat().st_size
        if self.member is None:
            return None
        with _opened(self.path) as file, zipfile.ZipFile(file) as archive:
            info = archive.getinfo(self.member)
        self.limits.unpacked(self.name, info.file_size, info.compress_size)
        return info.compress_size


@dataclass(frozen=True)
class ArchivedDelivery(Delivery):
    """A file as it lies in the archive, unpacked; its name and member are those under which it arrived."""

    @property
    def suffix(self) -> str:
        """The suffix under which the content is archived."""
        return self.path.suffix

    @property
    def is_gzip(self) -> bool:
        """The archive holds content as it is."""
        return False

    def packed_size(self) -> int | None:
        """None: the content was unpacked when it landed."""
        return None

    @contextmanager
    def open(self) -> Generator[BinaryIO]:
        """The content. Raises `FileRejected` when the archive does not have it."""
        try:
            with self.path.open("rb") as stream:
                yield cast(BinaryIO, stream)
        except OSError as error:
            raise FileRejected(
                f"{self.name}: cannot be read from the archive ({plain(error)})"
            ) from error


@dataclass(frozen=True)
class Inbox:
    """Deliveries in the order in which they land, and archives that cannot be opened."""

    deliveries: tuple[Delivery, ...]
    torn: tuple[tuple[str, str], ...]
    not_taken: tuple[tuple[str, str], ...] = ()
    """Name and reason of what is no file to land, such as links."""


def _ungz(name: str) -> str:
    return name[:-3] if name.lower().endswith(".gz") else name


def _readable(member: str) -> str:
    """A member's name: archives from Chinese Windows carry GBK that zipfile takes for cp437."""
    try:
        return readable_name(member.encode("cp437"))
    except UnicodeError:
        return member


def scan(folder: Path, limits: Limits | None = None) -> Inbox:
    """Everything in the inbox, oldest first (modified time to the second, then name)."""
    if not folder.is_dir():
        raise LandingError(f"{folder}: no such inbox folder; create it and put the exports there")
    limits = limits or Limits()
    listed = listing(folder)
    found, torn = [], list(listed.unreadable)
    for name, path, modified in listed.files:
        modified_at = datetime.fromtimestamp(int(modified), UTC).replace(tzinfo=None)
        if path.suffix.lower() != ".zip":
            found.append(Delivery(name, path, modified_at, limits=limits))
            continue
        try:
            members, doubled = _members(name, path, modified_at, limits)
            found += members
            torn += doubled
        except FileRejected as error:
            torn.append((name, str(error)))
    found.sort(key=lambda delivery: (delivery.modified_at, delivery.name))
    return Inbox(tuple(found), tuple(torn), tuple(listed.not_taken))


def _members(
    name: str, path: Path, modified_at: datetime, limits: Limits
) -> tuple[list[Delivery], list[tuple[str, str]]]:
    """The files in a zip, and names that it gives to several. Raises `FileRejected` when it cannot be opened or holds too much."""
    try:
        with _opened(path) as file, zipfile.ZipFile(file) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except TORN as error:
        text = f"{name}: the archive is torn ({plain(error)}); copy the file again"
        raise FileRejected(text) from error
    except OSError as error:
        if fault := faults.of(error, f"reading {name}", within=_NOWHERE):
            raise fault from error
        text = f"{name}: cannot be read ({plain(error)}); correct its rights"
        raise FileRejected(text) from error
    limits.archive(name, members)
    found: dict[str, Delivery] = {}
    contents: dict[str, set[tuple[int, int]]] = {}
    for member in members:
        shown = member.filename if member.flag_bits & 0x800 else _readable(member.filename)
        if not is_hidden(PurePosixPath(shown).name) and "__MACOSX" not in shown:
            place = f"{name}/{plain_name(shown)}"
            found[place] = Delivery(place, path, modified_at, member.filename, limits)
            contents.setdefault(place, set()).add((member.CRC, member.file_size))
    doubled = [place for place, kinds in contents.items() if len(kinds) > 1]
    text = "the archive holds several files of this name; unpack it and give each a name of its own"
    return (
        [delivery for place, delivery in found.items() if place not in doubled],
        [(place, f"{place}: {text}") for place in doubled],
    )


@contextmanager
def _opened(path: Path) -> Generator[BinaryIO]:
    """A file to read; a link or pipe that took its place since the scan is not followed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "is not a file")
        yield file


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    """A glob where `*` stays within a folder and `**/` crosses folders."""
    out, i = "", 0
    while i < len(pattern):
        if pattern.startswith("**/", i):
            out, i = out + "(?:.*/)?", i + 3
        elif pattern[i] == "*":
            out, i = out + "[^/]*", i + 1
        elif pattern[i] == "?":
            out, i = out + "[^/]", i + 1
        else:
            out, i = out + re.escape(pattern[i]), i + 1
    return re.compile(out)


def matches(pattern: str, delivery: Delivery) -> bool:
    """Whether a glob of shop.yml means this delivery."""
    regex = _glob(unicodedata.normalize("NFC", pattern.removeprefix("./")))
    return any(regex.fullmatch(alias) for alias in delivery.aliases)


def wants(mapping: FeedMapping, delivery: Delivery) -> bool:
    """Whether the mapping takes the delivery."""
    return any(matches(pattern, delivery) for pattern in mapping.files)


def took(mapping: FeedMapping, name: str) -> bool:
    """Whether the mapping takes the file that landed under a name."""
    delivery = Delivery(name, _NOWHERE, datetime.min, member=member_of(name))
    return wants(mapping, delivery)


def member_of(name: str) -> str | None:
    """The part of a delivery's name that lies in a zip archive."""
    parts = PurePosixPath(name).parts
    for number, part in enumerate(parts[:-1], start=1):
        if part.lower().endswith(".zip"):
            return "/".join(parts[number:])
    return None


def fetch(delivery: Delivery, target: Path | None = None) -> tuple[str, int]:
    """SHA-256 and size of the content; with a target the content is also written there."""
    digest, size, packed = hashlib.sha256(), 0, None
    with delivery.open() as source:
        packed = delivery.packed_size()
        sink = target.open("wb") if target else None
        try:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if packed is not None:
                    delivery.limits.unpacked(delivery.name, size, packed)
                if sink:
                    sink.write(chunk)
        finally:
            if sink:
                sink.close()
    return digest.hexdigest(), size
