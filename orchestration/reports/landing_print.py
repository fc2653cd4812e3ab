"""Why rows and files were refused, in a terminal: the same facts after `land`, `run` and in `status`.

Facts come from a landing's report, or from the meta tables of a release or of the warehouse. They
hold no value of a row, and nor do the lines printed here.
"""

from collections.abc import Sequence
from datetime import datetime

import duckdb
from rich.console import Console
from rich.markup import escape

from orchestration.config.settings import Settings
from orchestration.engines.warehouse import is_being_written
from orchestration.landing.record.report import UNMAPPED, LandingReport, Reason
from orchestration.terminal.console import console
from orchestration.terminal.tables import print_text

_SHOWN = 20
_FEW = 3
_KINDS = 8

_REASONS = """
    select quarantine.feed, file_name, column_name, reason_code, count(*), min(row_number),
        {reason}
    from meta.quarantine as quarantine
    semi join news using (batch_id, feed, file_name)
    group by all order by 1, 2, 5 desc, 3, 4"""

_LATEST = """
    select batch_id, feed, file_name from meta.files
    qualify batch_id = max(batch_id) over (partition by feed, file_name)"""


def print_report(report: LandingReport, to: Console = console) -> None:
    """Why rows and files of one landing were refused, and its warnings."""
    rejected = [file.error or file.file for file in report.rejected]
    print_reasons(report.reasons, rejected, report.warnings, to)


def print_reasons(
    reasons: Sequence[Reason],
    rejected: Sequence[str] = (),
    warnings: Sequence[str] = (),
    to: Console = console,
) -> None:
    """Rejected files, refused rows by file, column and reason, total rows apart, and warnings."""
    _print_lines("Rejected files", [f"[red]✗[/] {escape(text)}" for text in rejected], to)
    refused = [reason for reason in reasons if not reason.is_no_record]
    totals = [reason for reason in reasons if reason.is_no_record]
    _print_by_file("Refused rows", refused, to)
    _print_by_file("Totals and explanations, which are no records", totals, to)
    shown = _without_unmapped(warnings)
    _print_lines("Warnings", [f"[yellow]![/] {escape(text)}" for text in shown], to)


def print_summary(
    reasons: Sequence[Reason], rejected: Sequence[str], warnings: Sequence[str]
) -> None:
    """The same for a morning: refused rows of all files together, total rows as a number, few warnings."""
    _print_lines("Rejected files", [f"[red]✗[/] {escape(text)}" for text in rejected], console)
    kinds: dict[tuple[str, str | None, str], list[Reason]] = {}
    for reason in reasons:
        if not reason.is_no_record:
            kinds.setdefault((reason.feed, reason.column, reason.reason_code), []).append(reason)
    lines = []
    for (feed, column, code), found in sorted(
        kinds.items(), key=lambda kind: -sum(reason.count for reason in kind[1])
    ):
        first, count = found[0], sum(reason.count for reason in found)
        place = f"such as row {first.example_row} of {escape(first.file)}"
        counted = f"[yellow]{count:,}[/] {feed} {column or ''}".rstrip()
        lines.append(f"{counted} {code}\n       [dim]in {_files(len(found))}, {place}[/]")
    _print_lines("Refused rows", lines[:_KINDS], console, max(len(lines) - _KINDS, 0))
    totals = [reason for reason in reasons if reason.is_no_record]
    if totals:
        console.print(
            f"[dim]{sum(reason.count for reason in totals):,} totals and explanations in "
            f"{_files(len(totals))} are no records.[/]"
        )
    shown = _without_unmapped(warnings)
    texts = [f"[yellow]![/] {escape(text)}" for text in shown[:_FEW]]
    _print_lines("Warnings", texts, console, len(shown) - len(texts))


def print_refusals(settings: Settings, since: datetime | None = None) -> None:
    """The same for a home, see `refusals`."""
    print_summary(*refusals(settings, since))


def refusals(
    settings: Settings, since: datetime | None = None
) -> tuple[list[Reason], list[str], list[str]]:
    """Reasons, errors of rejected files and warnings, from the warehouse or, while a run holds it, the release.

    Of every file the latest landing, or of all that landed since a time (UTC).
    """
    for file in (settings.warehouse, settings.released):
        if file == settings.warehouse and is_being_written(settings):
            continue
        try:
            with duckdb.connect(str(file), read_only=True) as con:
                return _of_meta(con, since)
        except (duckdb.Error, OSError):
            # Another user, another program, or nothing there yet.
            continue
    return [], [], []


def print_refusals_of(con: duckdb.DuckDBPyConnection, since: datetime | None = None) -> None:
    """The same from an open release."""
    print_summary(*_of_meta(con, since))


def _of_meta(
    con: duckdb.DuckDBPyConnection, since: datetime | None
) -> tuple[list[Reason], list[str], list[str]]:
    """Reasons, errors of rejected files and warnings, as `print_reasons` takes them."""
    news = _LATEST
    if since is not None:
        # A batch stamps whole seconds.
        start = since.replace(microsecond=0)
        news = (
            "select distinct batch_id, feed, file_name from meta.files semi join (select batch_id "
            f"from meta.batches where started_at >= timestamp '{start}') as batches using (batch_id)"
        )
    # A release of an earlier version has no reasons in words.
    worded = con.execute(
        "select 1 from duckdb_columns() where schema_name = 'meta' and table_name = 'quarantine' "
        "and column_name = 'reason' and comment like '%never a value%'"
    ).fetchone()
    reason = "arg_min(reason, row_number)" if worded else "''"
    reasons = con.execute(f"with news as ({news}) {_REASONS.format(reason=reason)}").fetchall()
    files = con.execute(
        f"""with news as ({news})
        select distinct files.feed, file_name, status, error, warnings from meta.files as files
        semi join news using (batch_id, feed, file_name) order by all"""
    ).fetchall()
    rejected = [error for _, _, status, error, _ in files if status == "rejected" and error]
    warnings = [
        f"{name} ({feed}): {line}"
        for feed, name, _, _, lines in files
        for line in (lines or "").splitlines()
    ]
    return [Reason(*row) for row in reasons], list(dict.fromkeys(rejected)), warnings


def _without_unmapped(warnings: Sequence[str]) -> list[str]:
    """Most exports have headers that no mapping reads: one line for all of them, unless they are few."""
    unmapped = [text for text in warnings if UNMAPPED in text]
    if len(unmapped) <= _FEW:
        return list(warnings)
    rest = [text for text in warnings if UNMAPPED not in text]
    return [*rest, f"{_files(len(unmapped))} have {UNMAPPED}"]


def _files(count: int) -> str:
    return f"{count:,} file{'s' if count != 1 else ''}"


def _print_lines(title: str, lines: Sequence[str], to: Console, unseen: int = 0) -> None:
    if not lines:
        return
    to.print(f"[bold]{title}[/]")
    for line in lines[:_SHOWN]:
        print_text(f"  {line}", to, hang=4)
    _print_rest(max(len(lines) - _SHOWN, 0) + unseen, "status --json", to)


def _print_by_file(title: str, reasons: Sequence[Reason], to: Console) -> None:
    """A line per file, and under it per reason the count, column, code, an example row and the words."""
    if not reasons:
        return
    to.print(f"[bold]{title}[/] ({sum(reason.count for reason in reasons):,})")
    place = None
    for reason in reasons[:_SHOWN]:
        if place != (reason.file, reason.feed):
            place = (reason.file, reason.feed)
            print_text(f"  {escape(reason.file)} [dim]{reason.feed}[/]", to, hang=4)
        counted = f"{reason.count:,} row{'s' if reason.count != 1 else ''}"
        column = f"{reason.column} " if reason.column else ""
        print_text(
            f"    [yellow]{counted}[/] {column}{reason.reason_code}, such as row {reason.example_row}",
            to,
            hang=6,
        )
        print_text(f"      [dim]{escape(reason.reason)}[/]", to, hang=6)
    _print_rest(len(reasons) - _SHOWN, "meta.quarantine", to)


def _print_rest(count: int, table: str, to: Console) -> None:
    if count > 0:
        to.print(f"  [dim]and {count} more, see {table}[/]")
    to.print()
