"""Runs a SQL query on the released file and prints the rows: table, csv or JSON."""

import csv as csv_format
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
from rich.markup import escape

from orchestration.config.hints import full_command
from orchestration.config.settings import Settings
from orchestration.system import faults
from orchestration.system.errors import OperatorError
from orchestration.system.sql import ident, quoted
from orchestration.terminal.console import console
from orchestration.terminal.json_output import print_json
from orchestration.terminal.tables import print_table

Rows = Sequence[Sequence[Any]]


class QueryError(OperatorError):
    """The released file is missing, or does not understand the question."""


def ask(settings: Settings, sql: str, form: str, limit: int) -> None:
    """Print the answer in the form `table`, at most `limit` rows of it, or whole as `csv` or `json`."""
    names, rows = fetch(settings, sql, limit + 1 if form == "table" else None)
    show(names, rows, form, limit)


def fetch(
    settings: Settings,
    sql: str,
    limit: int | None = None,
    variables: Mapping[str, str] | None = None,
) -> tuple[list[str], Rows]:
    """Names of the columns and the rows, all of them or the first `limit`.

    `variables` are texts by name that the SQL reads with `getvariable`.
    """
    if not settings.released.exists():
        raise QueryError(
            f"{settings.released} does not exist yet; type `{full_command('run', settings)}` first."
        )
    with faults.opening(settings.released):
        con = duckdb.connect(
            str(settings.released), read_only=True, config={"enable_external_access": "false"}
        )
    with con:
        try:
            for name, value in (variables or {}).items():
                con.execute(f"set variable {ident(name)} = {quoted(value)}")
            result = con.execute(sql)
            names = [column[0] for column in result.description or []]
            return names, result.fetchall() if limit is None else result.fetchmany(limit)
        except duckdb.Error as error:
            raise QueryError(str(error)) from error


def show(names: list[str], rows: Rows, form: str, limit: int) -> None:
    """Print rows for people, and say so where there are more than `limit`; or all of them for programs."""
    if form == "csv":
        writer = csv_format.writer(sys.stdout)
        writer.writerow(names)
        writer.writerows([[_plain(value) for value in row] for row in rows])
    elif form == "json":
        print_json([dict(zip(_distinct(names), row, strict=True)) for row in rows])
    elif not rows:
        console.print("no rows; columns: " + escape(", ".join(names)), soft_wrap=True)
    else:
        print_table(names, rows[:limit], null="NULL", wraps=False)
        if len(rows) > limit:
            more = f"more than {limit} rows; --limit shows more, --csv and --json all of them"
            console.print(f"[dim]{more}[/]", soft_wrap=True)


def _plain(value: object) -> object:
    """Decimals in digits: `0E-4` is no number to most programs."""
    return f"{value:f}" if isinstance(value, Decimal) else value


def form_of(*, csv: bool, json: bool) -> str:
    """The form that the options ask for; raises QueryError where they contradict each other."""
    if csv and json:
        raise QueryError("--csv and --json exclude each other; give one of them.")
    return "csv" if csv else "json" if json else "table"


def _distinct(names: list[str]) -> list[str]:
    """Names of which none replaces another in an object: the second `id` becomes `id_2`."""
    found: list[str] = []
    for name in names:
        number = 2
        unique = name
        while unique in found:
            unique, number = f"{name}_{number}", number + 1
        found.append(unique)
    return found
