"""What a landing takes at most: `landing` in shop.yml. Sizes of archives and lines, and refused rows.

Archives are judged before they are unpacked, by what they say of themselves, and while they are
unpacked, by what they hold.
"""

import re
import zipfile
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from orchestration.config.contract import load_contract
from orchestration.system.landing_errors import FileRejected

_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_SMALL = 256 * 10**6
"""Content below so many bytes may be packed as tightly as it will."""
_TIGHTEST = 1032
"""No byte of a deflated stream holds more than so many bytes of content."""
CHUNK = 8 << 20


def _bytes(value: Any) -> Any:
    """`20 GB`, `500 KB` or a number of bytes."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([KMGT]?B)?", str(value).strip(), re.IGNORECASE)
    if not found:
        raise ValueError("expected a size such as 20 GB, 64 MB or 500 KB")
    return int(float(found[1]) * _UNITS[(found[2] or "").upper()])


def _share(value: Any) -> Any:
    """`5%` or `0.05`."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?(%?)", str(value).strip())
    if not found:
        raise ValueError("expected a share such as 5% or 0.05")
    return float(found[1]) / (100 if found[2] else 1)


def _of_a_feed(code: str) -> str:
    if code not in load_contract():
        raise ValueError(f"unknown feed; expected one of {', '.join(load_contract())}")
    return code


Size = Annotated[int, BeforeValidator(_bytes), Field(ge=1, le=10**15)]
Share = Annotated[float, BeforeValidator(_share), Field(ge=0, le=1)]
FeedCode = Annotated[str, AfterValidator(_of_a_feed)]


class LineTooLong(FileRejected):
    """A line of text is beyond `max_line`."""


class Limits(BaseModel):
    """Sizes in bytes, and shares of rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    max_unpacked_file: Size = 20 * 10**9
    """Of a .gz, and of each member of a .zip."""
    max_unpacked_archive: Size = 40 * 10**9
    """Of all members of a .zip together."""
    max_unpacked_workbook: Size = 4 * 10**9
    """Of all parts of an .xlsx, .xlsm, .xlsb or .ods together; a workbook is read into memory."""
    max_unpacked_ratio: int = Field(default=200, ge=1, le=10_000)
    """Unpacked to packed size, of whatever unpacks to more than 256 MB."""
    max_line: Annotated[Size, Field(le=10**9)] = 64 * 10**6
    """Of a line of text, and of a row whose quoted cells hold lines."""
    max_refused: dict[FeedCode, Share] = {}
    """Of the rows of a feed's last batch, before the run stops; totals and explanations do not count."""

    def unpacked(self, name: str, size: int, packed: int) -> None:
        """Raise `FileRejected` when so much content of one file or member is too much."""
        if size > self.max_unpacked_file:
            raise FileRejected(too_large(name, "unpacks to", size, "max_unpacked_file", self))
        self._packed_too_tightly(name, size, packed)

    def archive(self, name: str, members: list[zipfile.ZipInfo]) -> None:
        """Raise `FileRejected` when a zip says that it holds too much."""
        size, packed = _sizes(members)
        if size > self.max_unpacked_archive:
            raise FileRejected(too_large(name, "unpacks to", size, "max_unpacked_archive", self))
        self._packed_too_tightly(name, size, packed)

    def workbook(self, name: str, path: Path) -> None:
        """Raise `FileRejected` when the parts of a workbook are more than memory should take."""
        if not zipfile.is_zipfile(path):
            return
        with zipfile.ZipFile(path) as book:
            members = book.infolist()
            size, packed = _sizes(members)
            limit = self.max_unpacked_workbook
            if size <= limit < packed * _TIGHTEST:
                # A part may hold more than its entry says.
                size = _measured(book, members, limit)
        if size > limit:
            raise FileRejected(too_large(name, "unpacks to", size, "max_unpacked_workbook", self))
        self._packed_too_tightly(name, size, packed)

    def _packed_too_tightly(self, name: str, size: int, packed: int) -> None:
        if size > _SMALL and size > self.max_unpacked_ratio * max(packed, 1):
            raise FileRejected(
                f"{name}: unpacks to {shown(size)} or more, over {self.max_unpacked_ratio} times its packed "
                f"size of {shown(packed)}, as archives do that are made to fill a disk; if it is sound, raise "
                "landing.max_unpacked_ratio in shop.yml"
            )


DEFAULTS = Limits()


def too_large(name: str, what: str, size: int, key: str, limits: Limits) -> str:
    """The refusal: file, what was found, the limit and its key."""
    limit = getattr(limits, key)
    return (
        f"{name}: {what} {shown(size)} or more, and the limit is {shown(limit)}; "
        f"if the file is sound, raise landing.{key} in shop.yml"
    )


def shown(size: int) -> str:
    """A size for people; exact below 10 KB."""
    for unit in ("TB", "GB", "MB", "KB"):
        if size >= _UNITS[unit] and size >= 10_000:
            return f"{size / _UNITS[unit]:,.1f} {unit}"
    return f"{size:,} bytes"


class LineLengths:
    """Watches the chunks of a text file for a line beyond the limit."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.restart()

    def restart(self) -> None:
        """The next chunk is the first of the file."""
        self.line, self.length, self.longest = 1, 0, 0

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk. Raises `LineTooLong` for a line that is too long."""
        first = _first_end(chunk)
        self._judge(self.length + (first if first >= 0 else len(chunk)), self.line)
        if first < 0:
            self.length += len(chunk)
            return
        if len(chunk) > self.limits.max_line:
            for offset, line in enumerate(chunk.splitlines()[1:], start=1):
                self._judge(len(line), self.line + offset)
        self.longest = max(self.longest, min(len(chunk), CHUNK))
        self.line += chunk.count(b"\n")
        self.length = len(chunk) - 1 - max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))

    def _judge(self, length: int, line: int) -> None:
        self.longest = max(self.longest, length)
        if length > self.limits.max_line:
            what = f"line {line:,} has"
            raise LineTooLong(too_large(self.name, what, length, "max_line", self.limits))


def _first_end(chunk: bytes) -> int:
    ends = [place for place in (chunk.find(b"\n"), chunk.find(b"\r")) if place >= 0]
    return min(ends, default=-1)


def _sizes(members: list[zipfile.ZipInfo]) -> tuple[int, int]:
    return sum(m.file_size for m in members), sum(m.compress_size for m in members)


def _measured(book: zipfile.ZipFile, members: list[zipfile.ZipInfo], limit: int) -> int:
    """What members really hold, up to the first chunk beyond the limit."""
    size = 0
    for member in members:
        with book.open(member) as stream:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    return size
    return size
