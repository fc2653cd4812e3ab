"""Bytes to UTF-8: which encoding a text file is in, decided strictly and declared.

UTF-8 (with or without BOM), UTF-16 by BOM, then GB18030 (which covers GBK and GB2312); Latin-1
when shop.yml says so, or, with a warning, where the text has lone letters beyond ASCII. A damaged
byte makes no Latin-1 of a Chinese text: such a file is refused with the place of the byte.
"""

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.config.limits import CHUNK, Limits, LineLengths
from orchestration.system.landing_errors import FileRejected

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
_HIGH = re.compile(rb"[\x80-\xff]+")
_AROUND = 1 << 19
"""Bytes before and after a place that are looked at to tell the encoding."""


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
        place = error.start
    around = _around(source, place)
    if _is_mostly_utf8(around):
        raise _damaged(source, name, place, "UTF-8")
    if not _is_in_pairs(around):
        return _latin(source, folder, lengths)
    try:
        return _transcode(source, folder, "gb18030", lengths)
    except _NotInEncoding as error:
        raise _damaged(source, name, error.place, "GB18030") from None


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


def _around(source: Path, place: int) -> bytes:
    with source.open("rb") as stream:
        stream.seek(max(0, place - _AROUND))
        return stream.read(2 * _AROUND)


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether most characters beyond ASCII are whole in UTF-8: of hanzi in GBK hardly any is."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(not letter.isascii() for letter in text) > 2 * broken


def _is_in_pairs(data: bytes) -> bool:
    """Hanzi in GBK are runs of high bytes; letters of Latin-1 stand alone between ASCII."""
    runs = [len(run) for run in _HIGH.findall(data)]
    return sum(length for length in runs if length > 1) * 2 > sum(runs)


def _damaged(source: Path, name: str, place: int, encoding: str) -> FileRejected:
    with source.open("rb") as stream:
        line = stream.read(place).count(b"\n") + 1 if place < 1 << 28 else 0
    where = f"byte {place + 1:,}" + (f" (line {line:,})" if line else "")
    return FileRejected(
        f"{name}: {where} is not valid {encoding} though the text around it is; the file is damaged: "
        "export it again, or set `encoding` in shop.yml if it is in another encoding"
    )


class _NotInEncoding(FileRejected):
    """The text is not in the encoding; `place` is the first byte that shows it."""

    def __init__(self, text: str, place: int) -> None:
        super().__init__(text)
        self.place = place


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
    blank, tail, line, position = False, b"\n", 1, skip
    with source.open("rb") as stream, target.open("wb") as sink:
        stream.seek(skip)
        while True:
            chunk = stream.read(CHUNK)
            try:
                data = decoder.decode(chunk, final=not chunk).encode("utf-8")
            except UnicodeError as error:
                start = error.start if isinstance(error, UnicodeDecodeError) else 0
                kept = (
                    len(error.object) - len(chunk) if isinstance(error, UnicodeDecodeError) else 0
                )
                place = position - kept + start
                raise _NotInEncoding(
                    f"{name}: byte {place + 1:,} is not {encoding} (from about line {line}); "
                    "set `encoding` in shop.yml",
                    place,
                ) from None
            position += len(chunk)
            lengths.feed(data)
            line += data.count(b"\n")
            blank = blank or _blank_line(tail + data)
            tail = data[-3:] or tail
            sink.write(data)
            if not chunk:
                return Text(target, encoding.lower(), blank_lines=blank, lines=line - 1)
