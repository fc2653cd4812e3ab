"""Where given texts occur in files, whatever holds them: the search that proves that nothing leaked.

Looks at bytes (UTF-8, GB18030, UTF-16, JSON escapes), into gzip and zip archives, and into every text
column of DuckDB, SQLite and Parquet files, as their pages are compressed or split.
"""

import gzip
import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb


def traces(places: Iterable[Path], texts: Sequence[str]) -> list[str]:
    """`<file>: <text>` for each of the texts in each file at or below the places."""
    found = []
    for place in places:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file.is_file() and not file.is_symlink():
                found += [f"{file}: {text}" for text in _in_bytes(file.read_bytes(), texts)]
    return found


def traces_of(output: str, texts: Sequence[str]) -> list[str]:
    """Which of the texts a terminal showed, line breaks within a text ignored."""
    joined = output.replace("\n", "")
    return [text for text in texts if text in output or text in joined]


def _in_bytes(content: bytes, texts: Sequence[str]) -> list[str]:
    found = {text for text in texts if any(form in content for form in _forms(text))}
    for more in _contents(content):
        found |= set(_in_bytes(more, texts))
    for cells in _cells(content):
        found |= {text for text in texts if text in cells}
    return sorted(found)


def _forms(text: str) -> set[bytes]:
    escaped = json.dumps(text)[1:-1].encode()
    return {text.encode(), text.encode("gb18030"), text.encode("utf-16-le"), escaped}


def _contents(content: bytes) -> Iterator[bytes]:
    """What an archive holds; a torn one as far as it goes."""
    if content.startswith(b"\x1f\x8b"):
        try:
            yield gzip.decompress(content)
        except (OSError, EOFError):
            return
    elif content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    yield archive.read(name)
        except (zipfile.BadZipFile, OSError, RuntimeError):
            return


def _cells(content: bytes) -> Iterator[str]:
    """All text of a database or Parquet file, column by column."""
    kinds = {
        b"DUCK": content[8:12] == b"DUCK",
        b"SQLi": content.startswith(b"SQLite format 3\0"),
        b"PAR1": content.startswith(b"PAR1"),
    }
    kind = next((name for name, holds in kinds.items() if holds), None)
    if kind is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        copy.write_bytes(content)
        if kind == b"SQLi":
            yield from _sqlite(copy)
        else:
            yield from _duckdb(copy, parquet=kind == b"PAR1")


def _duckdb(copy: Path, *, parquet: bool) -> Iterator[str]:
    with duckdb.connect() as con:
        try:
            if parquet:
                con.execute(f"create view found as select * from read_parquet('{copy}')")
            else:
                con.execute(f"attach '{copy}' as found (read_only)")
        except duckdb.Error:
            return
        columns = con.execute(
            "select database_name, schema_name, table_name, column_name from duckdb_columns() "
            "where not internal and table_name in (select table_name from duckdb_tables() union all "
            f"select 'found' where {parquet})"
        ).fetchall()
        for *table, column in columns:
            place = ".".join(f'"{part}"' for part in table)
            rows = con.execute(
                f'select distinct cast("{column}" as varchar) from {place}'
            ).fetchall()
            yield "\n".join(str(value) for (value,) in rows)
        comments = con.execute("select comment from duckdb_columns() where comment is not null")
        yield "\n".join(str(comment) for (comment,) in comments.fetchall())


def _sqlite(copy: Path) -> Iterator[str]:
    con = sqlite3.connect(copy)
    con.text_factory = lambda value: value.decode("utf-8", "replace")
    try:
        names = con.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (name,) in names:
            for row in con.execute(f'select * from "{name}"'):
                yield "\n".join(
                    value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    for value in row
                )
    finally:
        con.close()
