"""How the shop's warehouse is doing: runs, release, freshness, coverage and what was refused."""

import os
from datetime import UTC, datetime

import duckdb
from rich.padding import Padding
from rich.table import Table

from orchestration import release
from orchestration.console import console
from orchestration.landing_print import print_refusals
from orchestration.settings import Settings


def print_status(settings: Settings) -> None:
    """Everything an operator asks in the morning; reads the released file, and why rows were refused from the warehouse while no run holds it."""
    console.print(f"[bold]home[/] {settings.home}\n")
    _print_runs(settings)
    if not settings.released.exists():
        print_refusals(settings)
        console.print("Nothing is released yet; type [bold]shop360 run[/].")
        return
    generation = release.current(settings)
    kept = len(release.generations(settings))
    console.print(f"[bold]released[/] {generation.name}, generations kept: {kept}\n")
    with duckdb.connect(str(settings.released), read_only=True) as con:
        _print(
            con,
            "Coverage",
            """select feed, source_system as source, shop_id as shop, state, row_count as "rows",
                   last_on as "last day", days_behind as "days behind", strftime(last_loaded_at, '%Y-%m-%d %H:%M') as "loaded (UTC)"
               from meta.coverage order by all""",
        )
        _print(
            con,
            "Checks that did not pass",
            """select check_name as "check", severity, failure_count as failures
               from meta.check_results where not is_passed order by 2, 1""",
        )
    print_refusals(settings)


def _print_runs(settings: Settings) -> None:
    os.environ.setdefault("DAGSTER_HOME", str(settings.dagster_home))
    import dagster as dg

    table = Table(box=None, header_style="bold", title="Last runs", title_justify="left")
    for name in ("started (UTC)", "status", "seconds", "job"):
        table.add_column(name, justify="right" if name == "seconds" else "left")
    with dg.DagsterInstance.get() as instance:
        records = instance.get_run_records(limit=5)
    for record in records:
        run = record.dagster_run
        started = record.start_time
        color = {"SUCCESS": "green", "FAILURE": "red"}.get(run.status.value, "yellow")
        table.add_row(
            datetime.fromtimestamp(started, UTC).strftime("%Y-%m-%d %H:%M:%S") if started else "",
            f"[{color}]{run.status.value.lower()}[/]",
            f"{record.end_time - started:.0f}" if started and record.end_time else "",
            run.job_name,
        )
    console.print(Padding(table, (0, 0, 1, 0)))


def _print(con: duckdb.DuckDBPyConnection, title: str, sql: str) -> None:
    result = con.execute(sql)
    names = [column[0] for column in result.description or []]
    rows = result.fetchall()
    table = Table(box=None, header_style="bold", title=title, title_justify="left")
    for index, name in enumerate(names):
        numeric = any(isinstance(row[index], int | float) for row in rows)
        table.add_column(name, justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    if rows:
        console.print(Padding(table, (0, 0, 1, 0)))
    else:
        console.print(f"{title}: none\n")
