"""MySQL and MariaDB through PyMySQL, whose text protocol hands out what the server writes.

DuckDB's scanner runs queries outside of its transaction, so that tables would be of different moments,
and reads the date 0000-00-00 as NULL.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from orchestration.config.durations import duration
from orchestration.config.secret_values import redacted
from orchestration.sources import parquet
from orchestration.sources.errors import ExtraMissing, SourceError
from orchestration.sources.server import Column, Kind, Rows
from orchestration.system.sql import mysql_ident, quoted

_NUMBERS = ("tinyint", "smallint", "mediumint", "int", "bigint")
_TIMES = ("datetime", "timestamp")
_BYTES = ("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "geometry", "point")
_SETTINGS = (
    "set time_zone = '+00:00'",
    # A mode of the server must not turn zero dates into errors, or backslashes into escapes.
    "set sql_mode = 'NO_BACKSLASH_ESCAPES'",
    "set session transaction isolation level repeatable read",
    "start transaction with consistent snapshot, read only",
)


class MySql:
    """A server that a URL names: mysql://user:password@host:3306/database?ssl=true."""

    def __init__(self, name: str, url: str, timeout: float) -> None:
        self.name, self.url, self.timeout = name, url, timeout
        self.con: Any = None

    def __enter__(self) -> Self:
        try:
            import pymysql
            import pymysql.converters
            import pymysql.cursors
        except ImportError:
            raise ExtraMissing(
                "A source of type mysql needs pymysql, which is not installed: "
                "pip install 'shop360[sources]'."
            ) from None
        parts = urlsplit(self.url)
        options = dict(parse_qsl(parts.query))
        login: dict[str, Any] = {
            "host": parts.hostname or "localhost",
            "port": parts.port or 3306,
            "user": unquote(parts.username or ""),
            # As bytes: PyMySQL would encode a text as Latin 1.
            "password": unquote(parts.password or "").encode(),
            "database": unquote(parts.path.lstrip("/")),
        }
        if "ssl_ca" in options or options.get("ssl") == "true":
            login["ssl"] = {"ca": options["ssl_ca"]} if "ssl_ca" in options else {}
            login["ssl_verify_cert"] = "ssl_ca" in options
        try:
            self.con = pymysql.connect(
                **login,
                charset="utf8mb4",
                connect_timeout=max(2, int(self.timeout)),
                read_timeout=max(2, int(self.timeout)),
                # Without decoders a value stays the text of the server.
                conv=dict(pymysql.converters.encoders),
                cursorclass=pymysql.cursors.SSCursor,
            )
        except (pymysql.MySQLError, OSError, ValueError) as error:
            raise self._failed("connecting", error) from None
        for setting in _SETTINGS:
            self._ask(setting, "beginning to read")
        return self

    def __exit__(self, *_: object) -> None:
        if self.con is not None:
            with suppress(Exception):
                self.con.close()

    def columns(self, table: str) -> list[Column]:
        """The columns of a table or view."""
        *schema, name = table.split(".")
        database = quoted(schema[0]) if schema else "database()"
        found = self._ask(
            "select column_name, data_type, column_type from information_schema.columns "
            f"where table_schema = {database} and table_name = {quoted(name)} order by ordinal_position",
            f"looking for {table}",
        )
        if not found:
            raise SourceError(
                f"{self.name}: there is no table {table}, or its user may not see it. Grant select on it."
            )
        return [
            Column(str(name), str(shown), _text(str(name), str(kind)), _kind(str(kind)))
            for name, kind, shown in found
        ]

    def highest(self, table: str, cursor: Column) -> str | None:
        """At most the present time; of times without a zone at most half a day later."""
        column = mysql_ident(cursor.name)
        bounds = {
            "number": f"max({column})",
            "day": f"least(max({column}), date_add(utc_date(), interval 1 day))",
            "time": f"least(max({column}), date_add(utc_timestamp(), interval 14 hour))",
        }
        [(value,)] = self._ask(
            f"select cast({bounds[cursor.kind]} as char) from {_table(table)}", f"reading {table}"
        )
        return value

    def since(self, cursor: Column, value: str, overlap: str) -> str:
        """From the overlap before the value on; a zero date is no value."""
        column, text = mysql_ident(cursor.name), quoted(value)
        if cursor.kind == "number":
            return f"({column} >= {int(value)} - {int(overlap)} or {column} is null)"
        seconds = int(duration(overlap).total_seconds())
        begin = f"date_sub(cast({text} as datetime(6)), interval {seconds} second)"
        return f"({column} >= {begin} or {column} is null or {column} = 0)"

    def write(self, rows: Rows, path: Path, note: str) -> int:
        """In batches, so that memory does not grow with the table."""
        order = f" order by {', '.join(map(mysql_ident, rows.order))}" if rows.order else ""
        where = f" where {rows.since}" if rows.since else ""
        columns = ", ".join(one.text for one in rows.columns)
        sql = f"select {columns} from {_table(rows.table)}{where}{order}"
        names = [column.name for column in rows.columns]
        return parquet.write(path, names, self._batches(sql, f"reading {rows.table}"), note)

    def _batches(self, sql: str, doing: str) -> Iterator[list[tuple[Any, ...]]]:
        try:
            with self.con.cursor() as cursor:
                cursor.execute(sql)
                while batch := cursor.fetchmany(parquet.BATCH):
                    yield list(batch)
        # On a connection that is cut, the driver fails with errors of many kinds.
        except Exception as error:
            raise self._failed(doing, error) from None

    def _ask(self, sql: str, doing: str) -> list[tuple[Any, ...]]:
        return [row for batch in self._batches(sql, doing) for row in batch]

    def _failed(self, doing: str, error: Exception) -> SourceError:
        import pymysql

        said = str(error.args[1]) if len(error.args) > 1 else str(error)
        if not isinstance(error, pymysql.MySQLError | OSError | ValueError):
            said = "the connection ended"
        return SourceError(f"{self.name}: {doing} failed: {redacted(said, [self.url])}")


def _table(name: str) -> str:
    return ".".join(map(mysql_ident, name.split(".")))


def _kind(data_type: str) -> Kind:
    if data_type in _NUMBERS:
        return "number"
    return "time" if data_type in _TIMES else "day" if data_type == "date" else "other"


def _text(name: str, data_type: str) -> str:
    column = mysql_ident(name)
    if data_type == "timestamp":
        # The session is in UTC: with its offset the text states the moment. Zero is no moment.
        return f"if({column} = 0, cast({column} as char), concat(cast({column} as char), '+00:00'))"
    if data_type == "bit":
        return f"cast({column} + 0 as char)"
    if data_type in _BYTES:
        return f"lower(hex({column}))"
    return f"cast({column} as char)"
