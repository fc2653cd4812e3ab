"""Excel, Parquet and JSON lines: typed formats opened as text, cell by cell faithful.

`open_source` opens any format. Each typed one fills `stage.source_rows` (columns c0, c1 …) and says where its rows count from. Text tables are
opened by `delimited.py`.
"""

from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.landing import header_words, headers
from orchestration.landing.delimited import LINE, open_delimited
from orchestration.landing.encoding import to_utf8
from orchestration.landing.errors import FileRejected
from orchestration.landing.inbox import TORN
from orchestration.landing.source import Reading, Refused, Source, quoted
from orchestration.landing.wording import plain

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
    if fmt == "xlsx":
        return open_excel(con, path, reading)
    if fmt == "parquet":
        return open_parquet(con, path, reading)
    text = to_utf8(path, reading.name, reading.folder, reading.encoding, reading.limits)
    if fmt == "jsonl":
        return replace(open_json_lines(con, text.path, reading), encoding=text.encoding)
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
    place = (
        reading.header_row - 1
        if reading.header_row
        else headers.locate(head[:_HEAD], reading.want)[0]
    )
    if place >= len(head):
        raise FileRejected(
            f"{reading.name}: header_row is {place + 1}, but the sheet has {len(head)} rows"
        )
    found = headers.unique(head[place])
    warnings = headers.check(found, reading.want, reading.name)
    columns = ", ".join(f'"{key}" as c{i}' for i, key in enumerate(table.schema.names))
    con.register("workbook", table.slice(place + 1))
    con.execute(f"create or replace table stage.source_rows as select {columns} from workbook")
    con.unregister("workbook")
    warnings += _rounded_numbers(con, found)
    return _staged(found, place + 2, warnings)


def _excel_kind(error: Exception) -> str:
    """What is wrong with a workbook; the reader's own text may quote cells and names of sheets."""
    text = str(error).casefold()
    known = ("password", "encrypted", "zip", "signature", "cannot detect file format", "xml")
    return next((word for word in known if word in text), type(error).__name__)


def _sheet_called(reading: Reading) -> str:
    return f"sheet {reading.sheet!r}" if reading.sheet else "its first sheet"


def _staged(found: list[str], first_row: int, warnings: list[str]) -> Source:
    number = f"rowid + {first_row}"
    return Source(found, "stage.source_rows", row_number=number, warnings=warnings)


def _rounded_numbers(con: duckdb.DuckDBPyConnection, found: list[str]) -> list[str]:
    """Headers with whole numbers that Excel cannot hold exactly: their last digits may be invented."""
    counts = ", ".join(
        f"count(*) filter (length(c{i}) > 15 and regexp_full_match(c{i}, '[0-9]+') "
        f"and cast(try_cast(try_cast(c{i} as double) as hugeint) as varchar) = c{i})"
        for i in range(len(found))
    )
    row = con.execute(f"select {counts} from stage.source_rows").fetchone() or ()
    return [
        f"{count} numbers of more than 15 digits under {header_words.name(header, place)}: "
        "a spreadsheet rounds those; format the column as text before exporting"
        for place, (header, count) in enumerate(zip(found, row, strict=True), start=1)
        if count
    ]


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
    return _staged(found, 1, warnings)


def _as_text(column: str, kind: str) -> str:
    name = '"' + column.replace('"', '""') + '"'
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{name} = trunc({name}) and abs({name}) < 9007199254740992"
        return f"case when {whole} then cast(cast({name} as bigint) as varchar) else cast({name} as varchar) end"
    if kind.startswith(("STRUCT", "MAP")) or kind.endswith("[]"):
        return f"cast(to_json({name}) as varchar)"
    return f"cast({name} as varchar)"


def open_json_lines(con: duckdb.DuckDBPyConnection, path: Path, reading: Reading) -> Source:
    """One JSON object a line; `a.b` in a mapping reaches into nested objects."""
    longest = max(reading.limits.max_line, LINE)
    lines = (
        f"read_csv({quoted(str(path))}, auto_detect=false, header=false, columns={{'line': 'VARCHAR'}}, "
        f"delim='\x01', quote='', escape='', max_line_size={longest}, buffer_size={2 * longest}, "
        "strict_mode=false, null_padding=false)"
    )
    try:
        con.execute(f"create or replace table stage.json_lines as select * from {lines}")
    except duckdb.Error as error:
        raise FileRejected(f"{reading.name}: not readable line by line ({plain(error)})") from None
    con.execute("alter table stage.json_lines add column ok boolean")
    con.execute(
        "update stage.json_lines set ok = "
        "case when json_valid(line) then json_type(line) = 'OBJECT' else false end"
    )
    keys = con.execute(
        "select distinct unnest(case when ok then json_keys(line) end) from stage.json_lines order by 1"
    ).fetchall()
    top = [row[0] for row in keys]
    if not top:
        raise FileRejected(f"{reading.name}: has no JSON objects; expected one object a line")
    nested = [h for h in reading.mentioned if "." in h and h not in top and h.split(".")[0] in top]
    found = list(dict.fromkeys(top + nested))
    warnings = headers.check(found, reading.want, reading.name)
    paths = [h.split(".") if h in nested else [h] for h in found]
    asked = ", ".join(quoted(_json_path(path)) for path in paths)
    columns = ", ".join(f"cells[{i + 1}] as c{i}" for i in range(len(paths)))
    con.execute(
        f"create or replace table stage.source_rows as select _line, {columns} from (select rowid + 1 "
        f"as _line, json_extract_string(line, [{asked}]) as cells from stage.json_lines where ok)"
    )
    refused = [
        Refused(row, "broken_json", "The line is not one JSON object; export the file again.", line)
        for row, line in con.execute(
            "select rowid + 1, line from stage.json_lines where not ok and trim(line) <> '' order by rowid"
        ).fetchall()
    ]
    con.execute("drop table stage.json_lines")
    return Source(
        found, "stage.source_rows", row_number="_line", refused=refused, warnings=warnings
    )


def _json_path(path: list[str]) -> str:
    return "$" + "".join('."' + part.replace('"', '\\"') + '"' for part in path)
