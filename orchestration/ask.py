"""Questions in SQL to the released file, for people at a terminal and for pipes."""

import csv as csv_format
import sys
from collections.abc import Sequence
from typing import Any

import duckdb
from rich.table import Table

from orchestration import faults
from orchestration.console import console
from orchestration.settings import Settings

Rows = Sequence[Sequence[Any]]


class QueryError(RuntimeError):
    """The released file is missing, or does not understand the question."""


def ask(settings: Settings, sql: str, *, as_csv: bool, limit: int) -> None:
    """Print the answer as a table of at most `limit` rows, or whole as CSV."""
    names, rows = fetch(settings, sql, None if as_csv else limit + 1)
    show(names, rows, as_csv=as_csv, limit=limit)


def fetch(settings: Settings, sql: str, limit: int | None = None) -> tuple[list[str], Rows]:
    """Names of the columns and the rows, all of them or the first `limit`."""
    if not settings.released.exists():
        raise QueryError(f"{settings.released} does not exist yet; type `shop360 run` first.")
    with faults.opening(settings.released):
        con = duckdb.connect(
            str(settings.released), read_only=True, config={"enable_external_access": "false"}
        )
    with con:
        try:
            result = con.execute(sql)
            names = [column[0] for column in result.description or []]
            return names, result.fetchall() if limit is None else result.fetchmany(limit)
        except duckdb.Error as error:
            raise QueryError(str(error)) from error


def show(names: list[str], rows: Rows, *, as_csv: bool, limit: int) -> None:
    """Print rows as a table, and say so where there are more than `limit`; or all of them as CSV."""
    if as_csv:
        writer = csv_format.writer(sys.stdout)
        writer.writerow(names)
        writer.writerows(rows)
        return
    console.print(_table(names, rows[:limit]))
    if len(rows) > limit:
        console.print(f"[dim]more than {limit} rows; --limit shows more, --csv all of them[/]")


def _table(names: list[str], rows: Rows) -> Table:
    table = Table(box=None, header_style="bold")
    for index, name in enumerate(names):
        numeric = any(isinstance(row[index], int | float) for row in rows)
        table.add_column(name, justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    return table
