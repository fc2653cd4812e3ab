"""Writes the demo's files as real systems do: GB18030, BOM, gz, zip, xlsx, parquet, with stable bytes.

Which rows go into which file is decided in `exports.py`.
"""

import codecs
import gzip
import os
import shutil
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

_CHUNK = 8 << 20


def encode(source: Path, target: Path, encoding: str, header: str) -> None:
    """Put a header above a UTF-8 text file and turn it into `encoding`.

    With a BOM for utf-8-sig, gzipped if the target ends in .gz.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoder = codecs.getincrementalencoder(encoding)()
    with source.open("rb") as reading, target.open("wb") as raw:
        packed = gzip.GzipFile("", "wb", 6, raw, mtime=0) if target.suffix == ".gz" else None
        writing = packed or raw
        writing.write(encoder.encode(header + "\n"))
        while chunk := reading.read(_CHUNK):
            writing.write(encoder.encode(decoder.decode(chunk)))
        if packed:
            packed.close()


def into_zip(archive: Path, members: Sequence[Path]) -> None:
    """Move files into one zip whose bytes depend on their content only."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
        for member in members:
            info = zipfile.ZipInfo(member.name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with member.open("rb") as source, target.open(info, "w") as sink:
                shutil.copyfileobj(source, sink, _CHUNK)
            member.unlink()


def xlsx(
    target: Path, sheet: str, headers: Sequence[str], rows: Sequence[Sequence], title: str, on: date
) -> None:
    """A workbook of text cells; a title and an empty line stand above the headers if `title` is given."""
    target.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": datetime.combine(on, datetime.min.time())})
    page = book.add_worksheet(sheet)
    top = 0
    if title:
        page.write_string(0, 0, title)
        top = 2
    for number, row in enumerate([headers, *rows], start=top):
        for column, value in enumerate(row):
            if value is not None:
                page.write_string(number, column, str(value))
    book.close()


def stamp(path: Path, on: date, hour: int = 3) -> None:
    """Give a file the time at which the export would have been made: early on the day after `on`."""
    moment = datetime.combine(on + timedelta(days=1), datetime.min.time()) + timedelta(hours=hour)
    seconds = (moment - datetime(1970, 1, 1)).total_seconds()
    os.utime(path, (seconds, seconds))
