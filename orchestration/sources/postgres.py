"""PostgreSQL through DuckDB's scanner: queries run on the server, within one repeatable-read transaction."""

from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

import duckdb

from orchestration.config.durations import duration
from orchestration.config.secret_values import redacted
from orchestration.engines.extensions import extension_file
from orchestration.sources.errors import SourceError
from orchestration.sources.server import Column, Kind, Rows
from orchestration.system.sql import ident, quoted

_KINDS: dict[str, Kind] = {
    "smallint": "number", "integer": "number", "bigint": "number", "date": "day",
    "timestamp with time zone": "time", "timestamp without time zone": "time",
}  # fmt: skip
_SETTINGS = (
    "timezone = 'UTC'",
    "datestyle = 'ISO'",
    "bytea_output = 'hex'",
    "extra_float_digits = 1",
)
_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "application_name", "options")


class Postgres:
    """A server that a URL names: postgresql://user:password@host:5432/database?sslmode=require."""

    def __init__(self, name: str, url: str, timeout: float) -> None:
        self.name, self.url, self.timeout = name, url, timeout
        self.con = duckdb.connect()

    def __enter__(self) -> Self:
        extension = extension_file("postgres_scanner", "A source of type postgres", "sources")
        parts = urlsplit(self.url)
        login = {
            "host": parts.hostname or "localhost",
            "port": str(parts.port or 5432),
            "user": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "database": unquote(parts.path.lstrip("/")),
        }
        given = ", ".join(f"{key} {quoted(value)}" for key, value in login.items() if value)
        options = [(key, value) for key, value in parse_qsl(parts.query) if key in _OPTIONS]
        options.append(("connect_timeout", str(max(2, int(self.timeout)))))
        shown = " ".join(f"{key}='{value}'" for key, value in options)
        self._run(f"load {quoted(str(extension))}", "loading the scanner")
        self._run(f"create secret login (type postgres, {given})", "reading its URL")
        self._run(
            f"attach {quoted(shown)} as source (type postgres, read_only, secret login)",
            "connecting",
        )
        self.con.begin()
        for setting in _SETTINGS:
            self._run(
                f"call postgres_execute('source', {quoted(f'set {setting}')})", "beginning to read"
            )
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(duckdb.Error):
            self.con.rollback()
        self.con.close()

    def columns(self, table: str) -> list[Column]:
        """The columns of a table or view."""
        found = self._ask(
            "select attname::text as name, format_type(atttypid, null)::text as kind, "
            f"format_type(atttypid, atttypmod)::text as shown from pg_attribute where attrelid = "
            f"to_regclass({quoted(_table(table))}) and attnum > 0 and not attisdropped order by attnum",
            f"looking for {table}",
        )
        if not found:
            raise SourceError(
                f"{self.name}: there is no table {table}, or its user may not see it. Name it with its "
                "schema, such as public.orders, and grant select on it."
            )
        return [
            Column(name, shown, _text(name, kind), _KINDS.get(kind, "other"))
            for name, kind, shown in found
        ]

    def highest(self, table: str, cursor: Column) -> str | None:
        """At most the present time; of times without a zone at most half a day later."""
        column = ident(cursor.name)
        bounds = {"number": f"max({column})", "day": f"least(max({column}), current_date + 1)"}
        bound = bounds.get(
            cursor.kind, f"least(max({column}), (now() + interval '14 hours')::{cursor.data_type})"
        )
        if "with time zone" in cursor.data_type:
            bound = f"least(max({column}), now())"
        [(value,)] = self._ask(
            f"select ({bound})::text as highest from {_table(table)}", f"reading {table}"
        )
        return value

    def since(self, cursor: Column, value: str, overlap: str) -> str:
        """From the overlap before the value on."""
        column, text = ident(cursor.name), quoted(value)
        if cursor.kind == "number":
            return f"({column} >= {int(value)} - {int(overlap)} or {column} is null)"
        seconds = int(duration(overlap).total_seconds())
        return (
            f"({column} >= {text}::{cursor.data_type} - interval '{seconds} seconds' "
            f"or {column} is null)"
        )

    def write(self, rows: Rows, path: Path, note: str) -> int:
        """By DuckDB, row group by row group."""
        order = f" order by {', '.join(map(ident, rows.order))}" if rows.order else ""
        where = f" where {rows.since}" if rows.since else ""
        columns = ", ".join(f"{one.text} as {ident(one.name)}" for one in rows.columns)
        sql = f"select {columns} from {_table(rows.table)}{where}{order}"
        self._run(
            f"copy (select * from postgres_query('source', {quoted(sql)})) to {quoted(str(path))} "
            f"(format parquet, kv_metadata {{shop360: {quoted(note)}}})",
            f"reading {rows.table}",
        )
        [(count,)] = duckdb.sql(
            f"select count(*) from read_parquet({quoted(str(path))})"
        ).fetchall()
        return count

    def _ask(self, sql: str, doing: str) -> list[tuple]:
        return self._run(f"select * from postgres_query('source', {quoted(sql)})", doing)

    def _run(self, sql: str, doing: str) -> list[tuple]:
        try:
            return self.con.execute(sql).fetchall()
        except duckdb.Error as error:
            said = redacted(str(error), [self.url]).strip().splitlines()
            raise SourceError(f"{self.name}: {doing} failed: {_without_sql(said)}") from None


def _without_sql(lines: list[str]) -> str:
    """The server's words; the statement around them may quote values."""
    kept = [line for line in lines if line.strip() and not line.startswith(("LINE", " ", "\t"))]
    text = kept[0] if kept else "no reason was given"
    for mark in ("FATAL:", "ERROR:", "failed:"):
        if mark in text:
            return text.split(mark)[-1].strip()
    return text.partition('"')[0].strip() + " …" if '"select' in text else text


def _table(name: str) -> str:
    return ".".join(map(ident, name.split(".")))


def _text(name: str, kind: str) -> str:
    if kind == "bytea":
        return f"encode({ident(name)}, 'hex')"
    return f"{ident(name)}::text"
