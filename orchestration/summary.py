"""What a person reads when a command ends: what came in, what came out, what to do next."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
from rich.padding import Padding
from rich.table import Table

from orchestration.alerts import print_attention
from orchestration.console import console, errors
from orchestration.contract import load_contract
from orchestration.landing import Counts, LandingReport
from orchestration.landing_print import print_refusals, print_refusals_of, print_report
from orchestration.runs import RunOutcome
from orchestration.settings import PROJECT, Settings, load_settings

_HEADLINES = ("net_sales", "orders", "aov_order", "pay_cvr", "mer")


def print_landing(report: LandingReport, *, dry_run: bool) -> None:
    """The outcome of `shop360 land`."""
    if dry_run:
        console.print("[bold]Dry run:[/] nothing was changed.")
    _print_counts(report.totals, "No new files in the inbox.")
    print_report(report, errors)


def print_failure(settings: Settings, outcome: RunOutcome, since: datetime | None = None) -> None:
    """Why a run stopped, what it refused, and that readers were spared."""
    print_refusals(settings, since)
    errors.print("[bold red]✗ The run stopped before the release.[/]")
    for check in outcome.blocking_checks[:20]:
        errors.print(f"  [red]check failed[/]  {check}", soft_wrap=True)
    for failure in outcome.failures:
        errors.print(f"  [red]step failed[/]   {failure}", soft_wrap=True)
    if settings.released.exists():
        errors.print(f"The last good release stays: {settings.released}", soft_wrap=True)
    errors.print(
        f"Details: {outcome.log}; {_again('status')} shows what was refused.", soft_wrap=True
    )


def print_summary(settings: Settings, since: datetime) -> None:
    """The end of a good run, read from the file that was just released."""
    with duckdb.connect(str(settings.released), read_only=True) as con:
        console.print()
        nothing = "No new files in the inbox; the warehouse holds what it held."
        _print_counts(_landed_since(con, since), nothing)
        print_refusals_of(con, since)
        console.print(_facts(con))
        console.print()
        _print_headlines(con)
        console.print()
        print_attention(con)
    console.print(f"\n[bold green]✓ Released[/] {settings.released}", soft_wrap=True)
    console.print("\nNext:")
    query = '"select * from marts.customer_360 limit 3"'
    for command, purpose in (
        (_again(f"query {query}"), "ask the released file"),
        (_again("status"), "freshness, coverage, what was refused"),
        ("make dev", "assets, checks and schedule in Dagster"),
    ):
        console.print(f"  [bold]{command}[/]  [dim]{purpose}[/]", soft_wrap=True)


def _again(command: str) -> str:
    """The command as the operator has to type it for this home."""
    home = load_settings().home
    place = "" if home == PROJECT / "data" else f" --home {home}"
    return f".venv/bin/shop360 {command}{place}"


def _landed_since(con: duckdb.DuckDBPyConnection, since: datetime) -> dict[str, Counts]:
    rows = con.execute(
        """select feed, sum(rows_accepted), sum(rows_unchanged), sum(rows_replaced),
               sum(rows_quarantined)
           from meta.row_ledger where landed_at >= $1 group by feed""",
        [since],
    ).fetchall()
    return {row[0]: Counts(*(int(value) for value in row[1:])) for row in rows}


def _print_counts(totals: Mapping[str, Counts], nothing: str) -> None:
    if not totals:
        console.print(nothing + "\n")
        return
    table = Table(box=None, header_style="bold", title="Rows landed", title_justify="left")
    table.add_column("feed")
    for name in ("read", "new", "replaced", "unchanged", "quarantined"):
        table.add_column(name, justify="right")
    for feed in load_contract().values():
        if counts := totals.get(feed.code):
            refused = f"[yellow]{counts.quarantined:,}[/]" if counts.quarantined else "0"
            numbers = (counts.read, counts.accepted, counts.replaced, counts.unchanged)
            table.add_row(f"{feed.en} · {feed.zh}", *(f"{number:,}" for number in numbers), refused)
    console.print(Padding(table, (0, 0, 1, 0)))


def _facts(con: duckdb.DuckDBPyConnection) -> str:
    customers, orders, records = _one(
        con,
        """select count(*), (select count(*) from marts.orders),
               sum(crm_record_count + erp_record_count) from marts.customer_360""",
    )
    passed, warned = _one(
        con,
        """select count(*) filter (where is_passed),
               count(*) filter (where not is_passed and severity = 'warn')
           from meta.check_results""",
    )
    warning = f", [yellow]{warned:,} warnings[/]" if warned else ""
    return (
        f"[bold]{customers:,}[/] customers resolved from {records or 0:,} CRM and ERP records "
        f"and {orders:,} orders · [bold]{passed:,}[/] checks passed{warning}"
    )


def _print_headlines(con: duckdb.DuckDBPyConnection) -> None:
    last = _one(con, "select max(paid_on) from marts.orders where is_sale")[0]
    if last is None:
        return
    month, before = _months(last)
    rows = con.execute(
        """select catalogue.kpi_code, catalogue.en, catalogue.zh, catalogue.unit,
               catalogue.direction, strftime(period_start_on, '%Y-%m') as month, kpi.value
           from marts.kpi_values as kpi
           join meta.kpi_catalogue as catalogue using (kpi_code)
           where kpi.period = 'month' and kpi.shop_id = 'all' and kpi.dimension = 'all'
               and strftime(period_start_on, '%Y-%m') in ($1, $2)""",
        [month, before],
    ).fetchall()
    table = Table(box=None, header_style="bold")
    table.add_column("KPI")
    for name in (month, before, "change"):
        table.add_column(name, justify="right")
    for code in _HEADLINES:
        found = {row[5]: row for row in rows if row[0] == code}
        if month in found:
            now, then = found[month], found.get(before)
            values = now[6], then[6] if then else None
            cells = [_format(value, now[3]) for value in values]
            table.add_row(f"{now[1]} · {now[2]}", *cells, _change(*values, now[4]))
    console.print(table)


def _months(last: date) -> tuple[str, str]:
    """The last month that sold to its end, and the one before it."""
    first = (last + timedelta(days=1)).replace(day=1)
    month = first - timedelta(days=1)
    before = month.replace(day=1) - timedelta(days=1)
    return month.strftime("%Y-%m"), before.strftime("%Y-%m")


def _format(value: Any, unit: str) -> str:
    if value is None:
        return "–"
    if unit == "rate":
        return f"{float(value):.2%}"
    if unit == "currency":
        return f"{float(value):,.2f}"
    return f"{float(value):,.0f}" if unit == "count" else f"{float(value):,.2f}"


def _change(now: Any, then: Any, direction: str) -> str:
    if now is None or not then:
        return ""
    change = float(now) / float(then) - 1
    good = (change >= 0) == (direction != "lower")
    return f"[{'green' if good else 'red'}]{'▲' if change >= 0 else '▼'} {abs(change):.1%}[/]"


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row = con.execute(sql).fetchone()
    assert row is not None
    return row
