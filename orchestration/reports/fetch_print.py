"""What a fetch brought, and which sources could not be fetched, in the terminal."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape

from orchestration.config.hints import with_full_commands
from orchestration.sources.results import FetchReport, SourceResult
from orchestration.terminal.console import errors
from orchestration.terminal.tables import print_table, print_text


def print_fetch(report: FetchReport, next_command: str) -> None:
    """A row per table or resource, then findings and errors."""
    rows = [
        (f"{source.name}.{part.name}", part.reads, f"{part.rows:,}", _files(part.files))
        for source in report.sources
        for part in source.parts
    ]
    if rows:
        print_table(("source", "read", "rows", "files"), rows)
    if not report.sources:
        print_text("shop.yml has no sources; docs/sources.md describes them")
    print_problems(report)
    if any(source.is_new for source in report.sources):
        print_text(f"\nNext:\n  [bold]{escape(next_command)}[/]")


def print_problems(report: FetchReport) -> None:
    """Findings and errors on stderr, one a line."""
    for source in report.sources:
        for finding in source.findings:
            errors.print(f"[yellow]![/] {escape(with_full_commands(finding))}", soft_wrap=True)
        if source.error:
            errors.print(f"[red]✗[/] {escape(with_full_commands(source.error))}", soft_wrap=True)


def print_stale(found: Sequence[dict[str, Any]]) -> None:
    """The same on the screen of `shop360 status`."""
    if not found:
        return
    print_text("[bold]Sources that could not be fetched · 未能取数的来源[/]")
    for one in found:
        since = one["fetched_at"] or "never"
        print_text(f"  [red]{escape(one['source'])}[/]  last fetched {escape(since)}")
        print_text(f"    {escape(with_full_commands(one['reason']))}")
    print_text("")


def _files(names: list[str]) -> str:
    return ", ".join(name.rpartition("/")[2] for name in names) or "nothing new"


def one_line(source: SourceResult) -> str:
    """A source in one line, for the log of a run."""
    if source.error:
        return source.error
    rows = sum(part.rows for part in source.parts)
    files = sum(len(part.files) for part in source.parts)
    return f"{source.name}: {rows} rows read, {files} files"
