"""Excel and Parquet: typed formats opened as text, cell by cell faithful.

`open_source` opens any format. Each typed one fills `stage.source_rows` (columns c0, c1 …) and says
where its rows count from. Text tables are opened by `delimited.py`, JSON by `json_text.py`.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.landing.read import header_words, headers
from orchestration.landing.read.delimited import open_delimited
from orchestration.landing.read.encoding import to_utf8
from orchestration.landing.read.inbox import TORN
from orchestration.landing.read.json_text import open_json
from orchestration.landing.read.source import Reading, Source
from orchestration.system.landing_errors import FileRejected
from orchestration.system.masking import plain
from orchestration.system.sql import ident, quoted

if TYPE_CHECKING:
    # Every command imports this module, and few files are workbooks.
    import fastexcel
    import pyarrow as pa

_HEAD = 50

FORMATS = {".xlsx": "xlsx", ".xls": "xlsx", ".xlsm": "xlsx", ".xlsb": "xlsx", ".ods": "xlsx"}
FORMATS |= {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}


def open_source(con: duckdb.DuckDBPyConnection, path: Path, reading: Reading, fmt: str) -> Source:
    """The file at `path` as text cells, by its format (csv, xlsx, parquet, jsonl).

    Raises `FileRejected` when it is not what it claims to be or lacks a required header.
    """
    if path.stat().st_size == 0:
        raise FileRejected(f"{reading.name}: is empty; export it again")
    if reading.each and fmt != "jsonl":
        raise FileRejected(f"{reading.name}: `each` of shop.yml is for JSON files; leave it out")
    if fmt == "xlsx":
        return open_excel(con, path, reading)
    if fmt == "parquet":
        return open_parquet(con, path, reading)
    text = to_utf8(path, reading.name, reading.folder, reading.encoding, reading.limits)
    if fmt == "jsonl":
        source = open_json(con, text.path, reading)
        return replace(source, encoding=text.encoding, warnings=[*text.warnings, *source.warnings])
    return open_delimited(text, reading)


def open_excel(con: duckdb.DuckDBPyConnection, path: Path, reading: Reading) -> Source:
    """One sheet of a workbook (xlsx, xls, xlsb, ods); numbers and dates as plain text."""
    import fastexcel

    try:
        reading.limits.workbook(reading.name, path)
        book = fastexcel.read_excel(path)
        wanted_sheet = reading.sheet or book.sheet_names[0]
        if wanted_sheet not in book.sheet_names:
            known = header_words.sheets(book.sheet_names)
            raise FileRejected(f"{reading.name}: no sheet {wanted_sheet!r}; its sheets are {known}")
        sheet = book.load_sheet(wanted_sheet, header_row=None, skip_rows=0, dtypes="string")
        table = sheet.to_arrow()
    except (fastexcel.FastExcelError, IndexError, *TORN) as error:
        kind = "no sheets" if isinstance(error, IndexError) else _excel_kind(error)
        raise FileRejected(
            f"{reading.name}: not a readable Excel workbook ({kind}); export it again"
        ) from None
    if table.num_rows == 0:
        raise FileRejected(f"{reading.name}: {_sheet_called(reading)} is empty")
    head = [
        [row.get(key) or "" for key in table.schema.names]
        for row in table.slice(0, 200).to_pylist()
    ]
    if (reading.header_row or 0) > len(head):
        raise FileRejected(
            f"{reading.name}: header_row is {reading.header_row}, but the sheet has {len(head)} rows"
        )
    levels, row = reading.levels, reading.header_row
    start, _ = headers.place_of(head if row else head[:_HEAD], reading.want, levels, row)
    found = headers.unique(headers.joined(head, start, levels))
    place = start + levels - 1
    notes = []
    if headers.explains(head[place + 1 : place + 2], found, reading):
        notes.append(headers.explanation(head[place + 1], found, place + 2))
        place += 1
    warnings = headers.check(found, reading.want, reading.name)
    columns = ", ".join(f'"{key}" as c{i}' for i, key in enumerate(table.schema.names))
    con.register("workbook", table.slice(place + 1))
    con.execute(f"create or replace table stage.source_rows as select {columns} from workbook")
    con.unregister("workbook")
    warnings += _rounded_numbers(con, found, partial(_are_numbers, book, wanted_sheet, place + 1))
    staged = _staged(found, place + 2, warnings, table.num_rows - place - 1)
    return replace(staged, refused=notes)


def _excel_kind(error: Exception) -> str:
    """What is wrong with a workbook; the reader's own text may quote cells and names of sheets."""
    text = str(error).casefold()
    known = ("password", "encrypted", "zip", "signature", "cannot detect file format", "xml")
    return next((word for word in known if word in text), type(error).__name__)


def _sheet_called(reading: Reading) -> str:
    return f"sheet {reading.sheet!r}" if reading.sheet else "its first sheet"


def _staged(found: list[str], first_row: int, warnings: list[str], rows: int) -> Source:
    number = f"rowid + {first_row}"
    return Source(found, "stage.source_rows", row_number=number, warnings=warnings, rows=rows)


_LONG = "length(c{0}) > 15 and regexp_full_match(c{0}, '[0-9]+')"


def _rounded_numbers(
    con: duckdb.DuckDBPyConnection,
    found: list[str],
    are_numbers: Callable[[list[int]], "pa.Table"],
) -> list[str]:
    """Write numbers that a spreadsheet cannot hold exactly as it shows them, and say under which headers.

    Of more than 15 digits the last are invented: as 6.919E+18 such a number is no id.
    """
    counts = ", ".join(f"count(*) filter ({_LONG.format(i)})" for i in range(len(found)))
    row = con.execute(f"select {counts} from stage.source_rows").fetchone() or ()
    places = [place for place, count in enumerate(row) if count]
    if not places:
        return []
    con.register("kinds", are_numbers(places))
    con.execute("create or replace table stage.kinds as select * from kinds")
    con.unregister("kinds")
    warnings = []
    for i in places:
        [(count,)] = con.execute(
            f"update stage.source_rows set c{i} = format('{{:.14E}}', cast(c{i} as double)) "
            f"from stage.kinds as kinds where {_LONG.format(i)} and kinds.n{i} is not null "
            "and kinds.rowid = source_rows.rowid"
        ).fetchall()
        if count:
            warnings.append(
                f"{count} numbers of more than 15 digits under {header_words.name(found[i], i + 1)}: "
                "a spreadsheet rounds those; format the column as text before exporting"
            )
    con.execute("drop table stage.kinds")
    return warnings


def _are_numbers(
    book: "fastexcel.ExcelReader", sheet: str, above: int, places: list[int]
) -> "pa.Table":
    """Columns n<place> of a sheet, not NULL where the cell is a number and no text."""
    import pyarrow as pa

    kinds = book.load_sheet(
        sheet, header_row=None, skip_rows=above, dtypes="boolean", use_columns=places
    ).to_arrow()
    return pa.table({f"n{place}": kinds.column(k) for k, place in enumerate(places)})


def open_parquet(con: duckdb.DuckDBPyConnection, path: Path, reading: Reading) -> Source:
    """A Parquet file; every value as the text that loses nothing of it."""
    relation = f"read_parquet({quoted(str(path))})"
    try:
        described = con.execute(f"describe select * from {relation}").fetchall()
        found = headers.unique([row[0] for row in described])
        warnings = headers.check(found, reading.want, reading.name)
        columns = ", ".join(
            f"{_as_text(row[0], row[1])} as c{i}" for i, row in enumerate(described)
        )
        con.execute(
            f"create or replace table stage.source_rows as select {columns} from {relation}"
        )
    except duckdb.Error as error:
        raise FileRejected(
            f"{reading.name}: not a readable Parquet file ({plain(error)}); export it again"
        ) from None
    [(rows,)] = con.execute(
        f"select coalesce(sum(num_rows), 0) from parquet_file_metadata({quoted(str(path))})"
    ).fetchall()
    return _staged(found, 1, warnings, int(rows))


def _as_text(column: str, kind: str) -> str:
    name = ident(column)
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{name} = trunc({name}) and abs({name}) < 9007199254740992"
        return f"case when {whole} then cast(cast({name} as bigint) as varchar) else cast({name} as varchar) end"
    if kind.startswith(("STRUCT", "MAP")) or kind.endswith("[]"):
        return f"cast(to_json({name}) as varchar)"
    return f"cast({name} as varchar)"
