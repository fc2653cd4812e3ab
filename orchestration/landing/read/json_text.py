"""JSON: one object a line, or one array of objects; `a.b` in a mapping reaches into nested objects.

`json_paths.py` says how a header is reached.
"""

from pathlib import Path

import duckdb

from orchestration.landing.read import headers, json_paths
from orchestration.landing.read.delimited import LINE
from orchestration.landing.read.source import Reading, Refused, Source
from orchestration.system.landing_errors import FileRejected
from orchestration.system.masking import plain
from orchestration.system.sql import quoted

# Four bytes that no text has: with one of them a cell that holds it would be cut.
_NEVER = "\x01\x02\x03\x04"


def open_json(con: duckdb.DuckDBPyConnection, path: Path, reading: Reading) -> Source:
    """The objects of a file. Rows are lines, or elements of an array, counted from 1."""
    with path.open("rb") as stream:
        is_array = stream.read(4096).lstrip()[:1] == b"["
    (_read_array if is_array else _read_lines)(con, path, reading)
    con.execute("alter table stage.json_lines add column ok boolean")
    con.execute(
        "update stage.json_lines set ok = "
        "case when json_valid(line) then json_type(line) = 'OBJECT' else false end"
    )
    [(objects,)] = con.execute("select count(*) from stage.json_lines where ok").fetchall()
    if not objects:
        raise FileRejected(
            f"{reading.name}: has no JSON objects; expected one object a line, or an array of objects"
        )
    warnings = json_paths.unfold(con, reading) if reading.each else []
    found, cells, paths = json_paths.cells(con, reading)
    warnings += headers.check(found, reading.want, reading.name)
    columns = "".join(f", {cell} as c{i}" for i, cell in enumerate(cells))
    asked = f"json_extract_string(line, [{', '.join(map(quoted, paths))}])" if paths else "null"
    con.execute(
        f"create or replace table stage.source_rows as select _line{columns} from "
        f"(select _line, line, {asked} as cells from stage.json_lines where ok)"
    )
    refused = [
        Refused(row, "broken_json", "The line is not one JSON object; export the file again.", line)
        for row, line in con.execute(
            "select _line, line from stage.json_lines where not ok and trim(line) <> '' order by 1"
        ).fetchall()
    ]
    [(rows,)] = con.execute("select count(*) from stage.json_lines where ok").fetchall()
    con.execute("drop table stage.json_lines")
    return Source(
        found,
        "stage.source_rows",
        row_number="_line",
        refused=refused,
        warnings=warnings,
        sparse=frozenset(h for h in reading.mentioned if "." in h and h not in found),
        rows=rows,
    )


def _read_lines(con: duckdb.DuckDBPyConnection, path: Path, reading: Reading) -> None:
    longest = max(reading.limits.max_line, LINE)
    lines = (
        f"read_csv({quoted(str(path))}, auto_detect=false, header=false, columns={{'line': 'VARCHAR'}}, "
        f"delim={quoted(_NEVER)}, quote='', escape='', max_line_size={longest}, "
        f"buffer_size={2 * longest}, strict_mode=false, null_padding=false)"
    )
    try:
        con.execute(
            f"create or replace table stage.json_lines as select row_number() over () as _line, line from {lines}"
        )
    except duckdb.Error as error:
        raise FileRejected(f"{reading.name}: not readable line by line ({plain(error)})") from None
    [(read,)] = con.execute(
        "select count(*) from stage.json_lines where trim(line, chr(9) || chr(11) || chr(12) || chr(13) || ' ') <> ''"
    ).fetchall()
    with path.open("rb") as stream:
        there = sum(bool(line.strip()) for line in stream)
    if read != there:
        raise FileRejected(
            f"{reading.name}: has {there:,} lines, but {read:,} were read, most likely because of control "
            "characters or lone carriage returns in a line; export the file again"
        )


def _read_array(con: duckdb.DuckDBPyConnection, path: Path, reading: Reading) -> None:
    longest = max(reading.limits.max_line, LINE)
    elements = (
        f"read_json_objects({quoted(str(path))}, format='array', maximum_object_size={longest})"
    )
    try:
        con.execute(
            "create or replace table stage.json_lines as select row_number() over () as _line, "
            f"cast(json as varchar) as line from {elements}"
        )
    except duckdb.Error as error:
        raise FileRejected(
            f"{reading.name}: not a readable JSON array ({plain(error)}); export it again"
        ) from None
