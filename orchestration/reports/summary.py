"""What a person reads when a command ends: what came in, what came out, what to do next."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
from rich.markup import escape
from rich.text import Text

from orchestration.config.contract import load_contract
from orchestration.config.hints import full_command, with_full_commands
from orchestration.config.settings import Settings
from orchestration.landing.record.report import Counts, LandingReport
from orchestration.quality import failed_checks
from orchestration.release import rebuilt_tables
from orchestration.reports.alerts import attention, print_attention
from orchestration.reports.landing_print import print_refusals, print_refusals_of, print_report
from orchestration.reports.run_outcome import RunOutcome
from orchestration.reports.status import left_out_money
from orchestration.terminal.console import console, errors
from orchestration.terminal.tables import Column, print_table, print_text

_KINDS = {
    "order": "orders",
    "refund": "refunds",
    "order_line": "lines without their order",
    "ad_spend": "days of campaigns",
}
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
        errors.print(f"  [red]check failed[/]  {escape(check)}", soft_wrap=True)
    for check in failed_checks.read(settings) or ():
        for row in check["rows"] if check["severity"] == "error" else ():
            errors.print(
                f"    {escape(check['check'])}: {escape(failed_checks.in_words(row))}",
                soft_wrap=True,
            )
    for failure in outcome.failures:
        errors.print(
            f"  [red]step failed[/]   {escape(with_full_commands(failure, settings))}",
            soft_wrap=True,
        )
    if settings.released.exists():
        errors.print(f"The last good release stays: {settings.released}", soft_wrap=True)
    errors.print(
        escape(
            f"Details: {outcome.log}; {full_command('status', settings)} shows what was refused."
        ),
        soft_wrap=True,
    )


def print_summary(settings: Settings, since: datetime, *, is_unchanged: bool = False) -> None:
    """The end of a good run, read from the file that is released."""
    with duckdb.connect(str(settings.released), read_only=True) as con:
        console.print()
        nothing = "No new files in the inbox; the warehouse holds what it held."
        _print_counts(_landed_since(con, since), nothing)
        print_refusals_of(con, since)
        print_text(_facts(_totals(con)))
        if not is_unchanged:
            _print_rebuilt(rebuilt_tables.reasons(con))
        console.print()
        _print_headlines(_headlines(con))
        console.print()
        _print_left_out(left_out_money(con), full_command("status", settings))
        print_attention(con)
    if is_unchanged:
        command = escape(full_command("run --always", settings))
        console.print(
            f"\n[bold green]✓ Nothing has changed[/] since the release: {settings.released}\n"
            f"  [bold]{command}[/]  [dim]builds and releases all the same[/]",
            soft_wrap=True,
        )
        return
    console.print(f"\n[bold green]✓ Released[/] {settings.released}", soft_wrap=True)
    if settings.page.exists():
        console.print(f"  report page {settings.page}", soft_wrap=True)
    console.print("\nNext:")
    query = '"select * from marts.customer_360 limit 3"'
    for command, purpose in (
        (full_command("page --open", settings), "the report page in the browser"),
        (full_command(f"query {query}", settings), "ask the released file"),
        (full_command("status", settings), "freshness, coverage, what was refused"),
        (full_command("dev", settings), "assets, checks and schedule in Dagster"),
    ):
        console.print(f"  [bold]{escape(command)}[/]  [dim]{purpose}[/]", soft_wrap=True)


def _print_rebuilt(reasons: Mapping[str, int]) -> None:
    """Why a run took longer than that of a usual day."""
    if reasons:
        said = "; ".join(f"{reason} ({count})" for reason, count in reasons.items())
        print_text(f"Kept tables built from all rows: {said}")


def summary_json(settings: Settings, outcome: RunOutcome, since: datetime) -> dict[str, Any]:
    """What a run did, for programs: outcome, rows landed by feed, totals, headline KPIs, the release."""
    found: dict[str, Any] = {
        "run_id": outcome.run_id,
        "succeeded": outcome.succeeded,
        "is_unchanged": outcome.is_unchanged,
        "fetched": outcome.fetched.facts()["sources"] if outcome.fetched else [],
        "failed_steps": outcome.failures,
        "failed_checks": outcome.blocking_checks,
        "failing_rows": list(failed_checks.read(settings) or ()),
        "log": str(outcome.log),
        "release": str(settings.released) if settings.released.exists() else None,
        "page": str(settings.page) if settings.page.exists() else None,
    }
    if outcome.succeeded:
        with duckdb.connect(str(settings.released), read_only=True) as con:
            found |= {
                "landed": counts_json(_landed_since(con, since)),
                "rejected_files": _rejected(con, since),
                "totals": _totals(con),
                "tables_built_from_all_rows": rebuilt_tables.reasons(con),
                "kpis": _headlines(con),
                "left_out_money": [dict(money) for money in left_out_money(con)],
                "attention": attention(con),
            }
    return found


def landing_json(report: LandingReport, *, dry_run: bool) -> dict[str, Any]:
    """The outcome of `shop360 land`, for programs."""
    return {
        **report.facts(),
        "dry_run": dry_run,
        "landed": counts_json(report.totals),
        "rejected_files": [{"file": one.file, "error": one.error} for one in report.rejected],
        "warnings": list(report.warnings),
    }


def counts_json(totals: Mapping[str, Counts]) -> dict[str, dict[str, int]]:
    """By feed the rows read, and what became of them."""
    return {
        code: {
            "read": counts.read,
            "new": counts.accepted,
            "replaced": counts.replaced,
            "unchanged": counts.unchanged,
            "quarantined": counts.quarantined,
            "left_out": counts.left_out,
            "withdrawn": counts.withdrawn,
        }
        for code, counts in totals.items()
    }


def _landed_since(con: duckdb.DuckDBPyConnection, since: datetime) -> dict[str, Counts]:
    rows = con.execute(
        """select feed, sum(rows_accepted), sum(rows_unchanged), sum(rows_replaced),
               sum(rows_quarantined), sum(coalesce(rows_left_out, 0)), sum(coalesce(rows_withdrawn, 0))
           from meta.row_ledger where landed_at >= $1 group by feed""",
        [since],
    ).fetchall()
    return {row[0]: Counts(*(int(value) for value in row[1:])) for row in rows}


def _print_counts(totals: Mapping[str, Counts], nothing: str) -> None:
    if not totals:
        console.print(nothing + "\n")
        return
    rows = []
    beside = [
        name for name in ("left_out", "withdrawn") if any(getattr(c, name) for c in totals.values())
    ]
    for feed in load_contract().values():
        if counts := totals.get(feed.code):
            refused = Text(f"{counts.quarantined:,}", style="yellow" if counts.quarantined else "")
            numbers = (counts.read, counts.accepted, counts.replaced, counts.unchanged)
            more = [f"{getattr(counts, name):,}" for name in beside]
            shown = (*(f"{n:,}" for n in numbers), refused, *more)
            rows.append((f"{feed.en} · {feed.zh}", *shown))
    counted = ("read", "new", "replaced", "unchanged", "quarantined")
    counted += tuple(name.replace("_", " ") for name in beside)
    print_table(
        ("feed", *(Column(name, right=True) for name in counted)), rows, title="Rows landed"
    )
    console.print()


def _rejected(con: duckdb.DuckDBPyConnection, since: datetime) -> list[str]:
    rows = con.execute(
        """select distinct error from meta.files as files
           join meta.batches using (batch_id)
           where files.status = 'rejected' and started_at >= $1 order by all""",
        [since],
    ).fetchall()
    return [error for (error,) in rows]


def _totals(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    customers, orders, records = _one(
        con,
        """select count(*), (select count(*) from marts.orders),
               coalesce(sum(crm_record_count + erp_record_count), 0)::bigint from marts.customer_360""",
    )
    passed, warned = _one(
        con,
        """select count(*) filter (where is_passed),
               count(*) filter (where not is_passed and severity = 'warn')
           from meta.check_results""",
    )
    return {
        "customers": customers,
        "crm_erp_records": records,
        "orders": orders,
        "checks_passed": passed,
        "warnings": warned,
    }


def _facts(totals: Mapping[str, int]) -> str:
    warned = totals["warnings"]
    warning = f", [yellow]{warned:,} warnings[/]" if warned else ""
    return (
        f"[bold]{totals['customers']:,}[/] customers resolved from {totals['crm_erp_records']:,} CRM and "
        f"ERP records and {totals['orders']:,} orders · [bold]{totals['checks_passed']:,}[/] checks "
        f"passed{warning}"
    )


def _headlines(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The headline KPIs of the last whole month, each with its value of the month before."""
    # The last day of the KPIs: a date far in the future is none of them.
    last = _one(
        con,
        """select max(period_start_on) from marts.kpi_values
           where period = 'day' and exists (select 1 from marts.orders where is_sale)""",
    )[0]
    if last is None:
        return []
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
    found = []
    for code in _HEADLINES:
        values = {row[5]: row for row in rows if row[0] == code}
        if month in values:
            now, then = values[month], values.get(before)
            names = dict(zip(("kpi_code", "en", "zh", "unit", "direction"), now[:5], strict=True))
            value_before = then[6] if then else None
            found.append({**names, "month": month, "value": now[6], "month_before": before, "value_before": value_before})  # fmt: skip
    return found


def _print_headlines(found: Sequence[Mapping[str, Any]]) -> None:
    if not found:
        return
    heads = (found[0]["month"], found[0]["month_before"], "change")
    rows = [
        (
            f"{kpi['en']} · {kpi['zh']}",
            _format(kpi["value"], kpi["unit"]),
            _format(kpi["value_before"], kpi["unit"]),
            _change(kpi),
        )
        for kpi in found
    ]
    print_table(("KPI", *(Column(head, right=True) for head in heads)), rows)


def _print_left_out(money: Sequence[Mapping[str, Any]], command: str) -> None:
    if not money:
        return
    counts = {kind: sum(one["rows"] for one in money if one["kind"] == kind) for kind in _KINDS}
    shown = ", ".join(f"{count:,} {_KINDS[kind]}" for kind, count in counts.items() if count)
    print_text(f"In no KPI: {shown}; [bold]{escape(command)}[/] says why and how much\n")


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


def _change(kpi: Mapping[str, Any]) -> Text:
    """The change since the month before: of a rate in percentage points, else relative."""
    now, then = kpi["value"], kpi["value_before"]
    if now is None or not then:
        return Text("")
    change = float(now) - float(then)
    shown = (
        f"{abs(change) * 100:.2f} pp"
        if kpi["unit"] == "rate"
        else f"{abs(change / float(then)):.1%}"
    )
    good = (change >= 0) == (kpi["direction"] != "lower")
    return Text(f"{'▲' if change >= 0 else '▼'} {shown}", style="green" if good else "red")


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row = con.execute(sql).fetchone()
    assert row is not None
    return row
