"""What lies in the inbox: files, members of zip archives, and which mapping each belongs to.

Bytes are handed out decompressed (`Delivery.open`); what they mean is the readers' business.
"""

import gzip
import hashlib
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from orchestration.landing.errors import FileRejected, LandingError
from orchestration.landing.mapping import FeedMapping
from orchestration.landing.wording import plain

CHUNK = 8 << 20
_PASSING = (".part", ".tmp", ".crdownload", ".download", ".swp")
_TORN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    gzip.BadGzipFile,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True)
class Delivery:
    """One file of the inbox, or one member of an archive. `name` is how people see it."""

    name: str
    path: Path
    modified_at: datetime
    member: str | None = None

    @property
    def suffix(self) -> str:
        """The suffix of the content, `.gz` seen through, in lower case."""
        return PurePosixPath(_ungz(self.name)).suffix.lower()

    @property
    def aliases(self) -> set[str]:
        """The names that a glob may match."""
        names = {self.name, _ungz(self.name)}
        if self.member is not None:
            inner = _nfc(_readable(self.member))
            names |= {inner, PurePosixPath(inner).name}
        return names

    @contextmanager
    def open(self) -> Generator[BinaryIO]:
        """The content, decompressed. Raises `FileRejected` when an archive is torn or locked."""
        try:
            if self.member is not None:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as stream:
                    yield cast(BinaryIO, stream)
            elif self.path.suffix.lower() == ".gz":
                with gzip.open(self.path) as stream:
                    yield cast(BinaryIO, stream)
            else:
                with self.path.open("rb") as stream:
                    yield cast(BinaryIO, stream)
        except _TORN as error:
            raise FileRejected(
                f"{self.name}: the archive is torn or locked ({plain(error)}); copy the file again"
            ) from error
        except OSError as error:
            raise FileRejected(f"{self.name}: cannot be read ({plain(error)})") from error


@dataclass(frozen=True)
class Inbox:
    """Deliveries in the order in which they land, and archives that cannot be opened."""

    deliveries: tuple[Delivery, ...]
    torn: tuple[tuple[str, str], ...]


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _ungz(name: str) -> str:
    return name[:-3] if name.lower().endswith(".gz") else name


def _readable(member: str) -> str:
    """A member's name: archives from Chinese Windows carry GBK that zipfile takes for cp437."""
    try:
        return member.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member


def scan(folder: Path) -> Inbox:
    """Everything in the inbox, oldest first (modified time to the second, then name)."""
    if not folder.is_dir():
        raise LandingError(f"{folder}: no such inbox folder; create it and put the exports there")
    found, torn = [], []
    for path in sorted(folder.rglob("*")):
        name = _nfc(path.relative_to(folder).as_posix())
        hidden = any(part.startswith((".", "~$")) for part in PurePosixPath(name).parts)
        if hidden or not path.is_file() or path.suffix.lower() in _PASSING:
            continue
        modified_at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC).replace(tzinfo=None)
        if path.suffix.lower() != ".zip":
            found.append(Delivery(name, path, modified_at))
            continue
        try:
            with zipfile.ZipFile(path) as archive:
                members = [member for member in archive.infolist() if not member.is_dir()]
        except _TORN as error:
            torn.append(
                (name, f"{name}: the archive is torn ({plain(error)}); copy the file again")
            )
            continue
        for member in members:
            shown = member.filename if member.flag_bits & 0x800 else _readable(member.filename)
            if not PurePosixPath(shown).name.startswith(".") and "__MACOSX" not in shown:
                found.append(Delivery(f"{name}/{_nfc(shown)}", path, modified_at, member.filename))
    found.sort(key=lambda delivery: (delivery.modified_at, delivery.name))
    return Inbox(tuple(found), tuple(torn))


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
    regex = _glob(_nfc(pattern.removeprefix("./")))
    return any(regex.fullmatch(alias) for alias in delivery.aliases)


def wants(mapping: FeedMapping, delivery: Delivery) -> bool:
    """Whether the mapping takes the delivery."""
    return any(matches(pattern, delivery) for pattern in mapping.files)


def fetch(delivery: Delivery, target: Path | None = None) -> tuple[str, int]:
    """SHA-256 and size of the content; with a target the content is also written there."""
    digest, size = hashlib.sha256(), 0
    with delivery.open() as source:
        sink = target.open("wb") if target else None
        try:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if sink:
                    sink.write(chunk)
        finally:
            if sink:
                sink.close()
    return digest.hexdigest(), size
