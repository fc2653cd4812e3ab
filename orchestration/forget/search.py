"""A search of every file of the home for what was known of a person, independent of how it was removed."""

import codecs
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.config.settings import Settings
from orchestration.system.sql import ident, quoted

_RUN = re.compile(rb"[0-9A-Za-z_@.+\-]{5,}")
_SPACED = re.compile(rb"1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}")
_DIGITS = re.compile(rb"[0-9]{7,}")


@dataclass
class Searched:
    """How much was searched, and the places with traces: file, table, column."""

    files: int = 0
    tables: int = 0
    bytes: int = 0
    traces: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


class Search:
    """Looks for texts in files of any kind, archives unpacked, tables column by column."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = sorted({text for text in texts if text})
        whole = re.compile(r"[0-9A-Za-z_@.+\-]{5,}")
        self.runs = {t.lower().encode() for t in self.texts if whole.fullmatch(t)}
        self.others = [t for t in self.texts if not whole.fullmatch(t)]
        self.found = Searched()

    def home(self, settings: Settings, leave_out: Iterable[Path] = ()) -> Searched:
        """Search every file below the home but those that are left out."""
        left_out = set(leave_out)
        for path in sorted(settings.home.rglob("*")):
            if path.is_file() and not path.is_symlink() and path not in left_out:
                self.found.files += 1
                self.found.bytes += path.stat().st_size
                self._file(path, str(path.relative_to(settings.home)))
        return self.found

    def holds(self, path: Path) -> bool:
        """Whether one file holds any of the texts."""
        self.found = Searched()
        self._file(path, path.name)
        return bool(self.found.traces)

    def _file(self, path: Path, name: str) -> None:
        data = path.read_bytes()
        self._bytes(data, name)
        try:
            if data[8:12] == b"DUCK":
                self._duckdb(path, name)
            elif data.startswith(b"SQLite format 3"):
                self._sqlite(path, name)
            elif data.startswith(b"PAR1"):
                self._parquet(path, name)
        except (duckdb.Error, sqlite3.Error) as error:
            self.found.unreadable.append(f"{name}: {str(error).splitlines()[0]}")

    def _bytes(self, data: bytes, name: str) -> None:
        """Plain content in any encoding, and what is packed in it."""
        if data.startswith(b"PK\x03\x04"):
            for member, content in unzipped(data):
                self._bytes(content, f"{name}/{member}")
        elif data.startswith(b"\x1f\x8b"):
            self._bytes(gunzipped(data), f"{name} (unpacked)")
        if (
            any(self._holds(form) for form in _forms(data))
            or any(text.encode(e) in data for text in self.others for e in ("utf-8", "utf-16-le"))
            or (not _is_binary(data) and any(t.encode("gb18030") in data for t in self.others))
        ):
            self._trace(name)

    def _holds(self, data: bytes) -> bool:
        runs = {run.lower() for run in _RUN.findall(data)} | set(_DIGITS.findall(data))
        runs |= {re.sub(rb"[ -]", b"", number) for number in _SPACED.findall(data)}
        return not self.runs.isdisjoint(runs) or any(
            run[-11:] in self.runs for run in runs if run[-11:].isdigit()
        )

    def _trace(self, place: str) -> None:
        if place not in self.found.traces:
            self.found.traces.append(place)

    def _values(self, values: Iterable[object], place: str) -> None:
        text = "\n".join(str(value) for value in values if value is not None)
        data = text.encode()
        if self._holds(data) or any(t in text for t in self.others):
            self._trace(place)

    def _duckdb(self, path: Path, name: str) -> None:
        with duckdb.connect() as con:
            con.execute(f"attach {quoted(str(path))} as searched (read_only)")
            rows = con.execute(
                "select schema_name, table_name, column_name from duckdb_columns() where "
                "database_name = 'searched' and not internal and (schema_name, table_name) in "
                "(select (schema_name, table_name) from duckdb_tables())"
            ).fetchall()
            self.found.tables += len({row[:2] for row in rows})
            for schema, table, column in rows:
                relation = f'searched."{schema}"."{table}"'
                self._column(con, relation, column, f"{name}: {schema}.{table}.{column}")

    def _parquet(self, path: Path, name: str) -> None:
        self.found.tables += 1
        with duckdb.connect() as con:
            relation = f"read_parquet({quoted(str(path))})"
            for row in con.execute(f"describe select * from {relation}").fetchall():
                self._column(con, relation, row[0], f"{name}: {row[0]}")

    def _column(
        self, con: duckdb.DuckDBPyConnection, relation: str, column: str, place: str
    ) -> None:
        name = ident(column)
        found = con.execute(f"select distinct cast({name} as varchar) from {relation}")
        while rows := found.fetchmany(100_000):
            self._values((row[0] for row in rows), place)

    def _sqlite(self, path: Path, name: str) -> None:
        con = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            tables = con.execute("select name from sqlite_master where type = 'table'").fetchall()
            for (table,) in tables:
                self.found.tables += 1
                for row in con.execute(f'select * from "{table}"'):
                    self._values(row, f"{name}: {table}")
        finally:
            con.close()


def gunzipped(data: bytes) -> bytes:
    """The content of a gzip file, of a torn one as far as it goes."""
    out, rest = b"", data
    while rest.startswith(b"\x1f\x8b"):
        part = zlib.decompressobj(31)
        try:
            out += part.decompress(rest)
        except zlib.error:
            return out
        rest = part.unused_data
    return out


def unzipped(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Members of a zip archive; those that cannot be read, and torn archives, as far as they go."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for member in packed.infolist():
                try:
                    yield member.filename, packed.read(member)
                except (
                    zipfile.BadZipFile,
                    zlib.error,
                    EOFError,
                    RuntimeError,
                    NotImplementedError,
                ):
                    yield member.filename, _inflated(data[member.header_offset :])
    except zipfile.BadZipFile:
        for start in re.finditer(rb"PK\x03\x04", data):
            yield f"at byte {start.start()}", _inflated(data[start.start() :])


def _inflated(data: bytes) -> bytes:
    """The content behind the local header of a member, as far as it can be unpacked."""
    if len(data) < 30:
        return b""
    begin = 30 + int.from_bytes(data[26:28], "little") + int.from_bytes(data[28:30], "little")
    try:
        return zlib.decompressobj(-15).decompress(data[begin:])
    except zlib.error:
        return b""


def _forms(data: bytes) -> Iterator[bytes]:
    """The bytes, and the same as UTF-16 where they may be that."""
    yield data
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield data.replace(b"\0", b"")


def _is_binary(data: bytes) -> bool:
    return b"\0" in data[:65536] or data.startswith((b"PK", b"\x1f\x8b", b"PAR1"))
