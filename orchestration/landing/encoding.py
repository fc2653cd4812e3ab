"""Bytes to UTF-8: which encoding a text file is in, decided strictly and declared.

UTF-8 (with or without BOM), UTF-16 by BOM, then GB18030 (which covers GBK and GB2312); Latin-1
only when shop.yml says so, or as a last resort with a warning.
"""

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.landing.errors import FileRejected
from orchestration.landing.limits import CHUNK, Limits, LineLengths, LineTooLong

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "xlsx"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "xlsx"),
    (b"PAR1", "a Parquet file", "parquet"),
    (b"\x1f\x8b", "gzip-compressed", "csv with the suffix .gz"),
    (b"%PDF", "a PDF document", None),
)
_WIDE = re.compile(rb"[\x80-\xff]{2}")


def _euro(error: UnicodeError) -> tuple[str, int]:
    """Windows writes the euro sign as byte 0x80, which GB18030 does not know."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


EURO = "shop360-euro"
"""The error handler of Chinese texts from Windows."""
codecs.register_error(EURO, _euro)


@dataclass
class Text:
    """A UTF-8 file without BOM and what was learned while making it."""

    path: Path
    encoding: str
    warnings: list[str] = field(default_factory=list)
    blank_lines: bool = False
    lines: int = 0
    """Line feeds in the file, those within quoted cells included."""
    longest: int = 0
    """At least the bytes of the longest line."""


def to_utf8(
    source: Path,
    name: str,
    folder: Path,
    declared: str | None = None,
    limits: Limits | None = None,
) -> Text:
    """The text of `source` as UTF-8, in place where it already is. Raises `FileRejected`."""
    with source.open("rb") as stream:
        head = stream.read(4096)
    _refuse_other_formats(head, name)
    lengths = LineLengths(name, limits or Limits())
    text = _decoded(source, name, folder, declared, head, lengths)
    text.longest = lengths.longest
    return text


def _decoded(
    source: Path, name: str, folder: Path, declared: str | None, head: bytes, lengths: LineLengths
) -> Text:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return _transcode(
                source, folder, encoding, lengths, skip=len(bom) if encoding == "utf-8" else 0
            )
    if declared:
        return _transcode(source, folder, declared, lengths)
    try:
        blank, lines = _scan_utf8(source, lengths)
        return Text(source, "utf-8", blank_lines=blank, lines=lines)
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(source, name, error)
    if not _has_wide_run(source):
        return _latin(source, folder, lengths)
    try:
        return _transcode(source, folder, "gb18030", lengths)
    except LineTooLong:
        raise
    except FileRejected:
        return _latin(source, folder, lengths)


def _latin(source: Path, folder: Path, lengths: LineLengths) -> Text:
    text = _transcode(source, folder, "latin-1", lengths)
    text.warnings.append(
        "neither UTF-8 nor GB18030: read as Latin-1; set `encoding` in shop.yml if that is wrong"
    )
    return text


def _refuse_other_formats(head: bytes, name: str) -> None:
    for magic, what, fmt in _MAGIC:
        if head.startswith(magic):
            way = f"set `format: {fmt}` or rename it" if fmt else "export it as csv or xlsx"
            raise FileRejected(f"{name}: is {what}, not text; {way}")
    if not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and head.count(b"\0") > 3:
        raise FileRejected(f"{name}: is binary, not text (NUL bytes at the start)")
    if head.lstrip()[:9].lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise FileRejected(f"{name}: is a web page or XML, not a table; export it as csv or xlsx")


def _scan_utf8(source: Path, lengths: LineLengths) -> tuple[bool, int]:
    """Check the whole file strictly; whether it has blank lines, and its line feeds."""
    lengths.restart()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    blank, tail, position, lines = False, b"\n", 0, 0
    with source.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                error.start += position - (len(error.object) - len(chunk))
                raise
            position += len(chunk)
            lengths.feed(chunk)
            lines += chunk.count(b"\n")
            blank = blank or _blank_line(tail + chunk)
            tail = chunk[-3:]
    decoder.decode(b"", final=True)
    return blank, lines


def _blank_line(data: bytes) -> bool:
    data = data.rstrip(b"\r\n") if len(data) < CHUNK else data
    return b"\n\n" in data or b"\n\r\n" in data or data.startswith(b"\n\n")


def _refuse_damaged_utf8(source: Path, name: str, error: UnicodeDecodeError) -> None:
    """A file that is UTF-8 for many wide characters and then is not, is damaged, not GBK."""
    with source.open("rb") as stream:
        before = stream.read(max(0, min(error.start, 64 << 20)))
    wide = len(_WIDE.findall(before))
    if wide < 12:
        return
    try:
        before.decode("utf-8")
    except UnicodeDecodeError as inner:
        if inner.reason != "unexpected end of data":
            return
    line = before.count(b"\n") + 1
    raise FileRejected(
        f"{name}: line {line} is not valid UTF-8 though the lines before are; "
        "the file is damaged, export it again"
    )


def _has_wide_run(source: Path) -> bool:
    """Hanzi in GBK are runs of high bytes; lone high bytes are Latin letters."""
    with source.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if _WIDE.search(chunk):
                return True
    return False


def _transcode(
    source: Path, folder: Path, encoding: str, lengths: LineLengths, skip: int = 0
) -> Text:
    name = lengths.name
    lengths.restart()
    try:
        errors = "shop360-euro" if encoding.lower() in ("gb18030", "gbk", "gb2312") else "strict"
        codec = "gb18030" if errors != "strict" else encoding
        decoder = codecs.getincrementaldecoder(codec)(errors)
    except LookupError:
        raise FileRejected(f"{name}: unknown encoding {encoding!r} in shop.yml") from None
    target = folder / f"{source.name}.{codec}.utf8"
    blank, tail, line = False, b"\n", 1
    with source.open("rb") as stream, target.open("wb") as sink:
        stream.seek(skip)
        while True:
            chunk = stream.read(CHUNK)
            try:
                data = decoder.decode(chunk, final=not chunk).encode("utf-8")
            except UnicodeError:
                raise FileRejected(
                    f"{name}: not {encoding} (from about line {line}); set `encoding` in shop.yml"
                ) from None
            lengths.feed(data)
            line += data.count(b"\n")
            blank = blank or _blank_line(tail + data)
            tail = data[-3:] or tail
            sink.write(data)
            if not chunk:
                return Text(target, encoding.lower(), blank_lines=blank, lines=line - 1)
