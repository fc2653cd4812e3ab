"""Writes a file again with some cells changed: the same format, encoding, rows and order."""

import codecs
import csv
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.landing.read import encoding as encodings
from orchestration.landing.read.source import Source
from orchestration.landing.redact.scan import Changes

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""The same content gives the same file, whenever it is written."""


def rewrite(
    path: Path, target: Path, fmt: str, source: Source, sheets: Mapping[str, Changes]
) -> None:
    """Write the content of `path` to `target` with the changes of each sheet; other formats have one, "".

    `source` is how the content was read. Of a workbook, only sheets that are read are kept.
    """
    if fmt == "xlsx":
        _workbook(path, target, sheets)
        return
    changes = sheets[""]
    if fmt == "parquet":
        _parquet(path, target, changes)
    elif fmt == "jsonl":
        _json_lines(path, target, source, changes)
    else:
        _delimited(path, target, source, changes)


def suffix_of(fmt: str, suffix: str) -> str:
    """The suffix of the new file: old workbooks become xlsx, everything else stays what it is."""
    return ".xlsx" if fmt == "xlsx" else suffix


def _codec(path: Path, source: Source) -> tuple[str, str]:
    """The codec of a text file and how errors are handled."""
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", "strict"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "strict"
    name = (source.encoding or "utf-8").lower()
    if name in ("gb18030", "gbk", "gb2312"):
        return "gb18030", encodings.EURO
    return name, "strict"


class _Lines:
    """Physical lines, remembering those of the record that is being read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines, self.record = lines, list[str]()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.record.append(line)
        return line


def _delimited(path: Path, target: Path, source: Source, changes: Changes) -> None:
    codec, errors = _codec(path, source)
    delimiter = source.delimiter or ","
    with (
        path.open(encoding=codec, errors=errors, newline="") as stream,
        target.open("w", encoding=codec, newline="") as sink,
    ):
        lines, number = _Lines(iter(stream)), 0
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            lines.record.clear()
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = "".join(lines.record).split(delimiter)
            text = "".join(lines.record)
            if number in changes.blanked:
                sink.write(delimiter.join(_kept(cells)) + _end(text))
            elif found := changes.cells.get(number):
                for position, new in found.items():
                    if position < len(cells):
                        cells[position] = new or ""
                end = _end(text)
                csv.writer(sink, delimiter=delimiter, lineterminator=end).writerow(cells)
            else:
                sink.write(text)


def _kept(cells: list[str]) -> list[str]:
    """As many cells as before, none of them with content but the first, so that the row is no blank one."""
    return ["forgotten", *[""] * (len(cells) - 2), "forgotten"] if len(cells) > 1 else ["forgotten"]


def _end(text: str) -> str:
    return text[len(text.rstrip("\r\n")) :] or ""


def _json_lines(path: Path, target: Path, source: Source, changes: Changes) -> None:
    codec, errors = _codec(path, source)
    with (
        path.open(encoding=codec, errors=errors, newline="\n") as stream,
        target.open("w", encoding=codec, newline="") as sink,
    ):
        for number, line in enumerate(stream, start=1):
            if number in changes.blanked:
                sink.write('"forgotten"' + _end(line))
            elif found := changes.cells.get(number):
                content = json.loads(line)
                for position, new in found.items():
                    _put(content, source.headers[position], new, source.headers)
                sink.write(json.dumps(content, ensure_ascii=False) + _end(line))
            else:
                sink.write(line)


def _put(content: dict[str, Any], header: str, new: str | None, known: list[str]) -> None:
    if header in content:
        old = content[header]
        is_kept = isinstance(old, dict) or _has_known(old, header, known)
        content[header] = _emptied(old, header, known) if is_kept else new
        return
    *path, last = header.split(".")
    for part in path:
        content = content.get(part)  # ty: ignore[invalid-assignment]
        if not isinstance(content, dict):
            return
    if last in content:
        content[last] = new


def _has_known(value: Any, place: str, known: list[str]) -> bool:
    """Whether elements of a list have headers of their own: the rows of a mapping with `each`."""
    return isinstance(value, list) and any(header.startswith(f"{place}.") for header in known)


def _emptied(value: Any, place: str, known: list[str]) -> Any:
    """An object without its values, but those that have a header of their own: these are judged by it."""
    if place in known and not isinstance(value, dict | list):
        return value
    if isinstance(value, dict):
        return {
            key: one if (path := f"{place}.{key}") in known else _emptied(one, path, known)
            for key, one in value.items()
        }
    if _has_known(value, place, known):
        return [_emptied(one, place, known) for one in value if isinstance(one, dict)]
    return None


def _workbook(path: Path, target: Path, sheets: Mapping[str, Changes]) -> None:
    """The sheets that are read, every cell as the text that the reader sees; the others are empty."""
    import fastexcel
    import xlsxwriter

    book = fastexcel.read_excel(path)
    with xlsxwriter.Workbook(str(target), {"in_memory": True}) as out:
        out.set_properties({"created": _EPOCH})
        for name in book.sheet_names:
            sheet = out.add_worksheet(name)
            # What nothing reads is unknown, and may hold anything.
            if name not in sheets:
                continue
            table = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow()
            columns = [column.to_pylist() for column in table.columns]
            for row in range(table.num_rows):
                found = sheets[name].cells.get(row + 1, {})
                for position, column in enumerate(columns):
                    text = found[position] if position in found else column[row]
                    if text is not None:
                        sheet.write_string(row, position, text)


def _parquet(path: Path, target: Path, changes: Changes) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    by_position: dict[int, dict[int, str | None]] = {}
    for row, cells in changes.cells.items():
        for position, new in cells.items():
            by_position.setdefault(position, {})[row - 1] = new
    for position, found in by_position.items():
        values = table.column(position).to_pylist()
        kind = table.schema.field(position).type
        if not pa.types.is_string(kind) and any(new is not None for new in found.values()):
            kind, values = pa.string(), [None if v is None else str(v) for v in values]
        for row, new in found.items():
            values[row] = new
        name = table.schema.field(position).name
        table = table.set_column(position, name, pa.array(values, kind))
    pq.write_table(table, target, compression="zstd")
