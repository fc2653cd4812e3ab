"""What `shop360 inspect` and `init` show of a proposal. Cells are masked: a sample shows their form."""

from collections.abc import Iterator
from typing import Any

from rich.markup import escape

from orchestration.config.contract import load_contract
from orchestration.discovery.block_text import text_of
from orchestration.discovery.exports import Export
from orchestration.discovery.proposal import Proposal
from orchestration.discovery.targets import sample_of, targets
from orchestration.landing.record.report import LandingReport
from orchestration.terminal.console import console
from orchestration.terminal.tables import Column, print_table, print_text

_KINDS = {
    "integer": "whole number", "decimal": "number", "percent": "percent", "date": "date", "timestamp": "time",
    "epoch_s": "epoch seconds", "epoch_ms": "epoch ms", "epoch_us": "epoch μs", "boolean": "yes/no", "phone": "phone", "email": "e-mail",
    "masked": "masked", "url": "address", "text": "text", "empty": "empty",
}  # fmt: skip


def print_exports(proposal: Proposal) -> None:
    """One table for each export: its columns, what they are, and which column of the contract they fill."""
    for export in proposal.exports:
        console.print()
        print_text(f"[bold]{escape(_title(export))}[/]")
        print_text(escape(_verdict(export)))
        print_table(
            ["header", "cells", Column("filled", right=True), "sample", "column", "sure"],
            list(_rows(export, proposal)),
        )
        for finding in export.findings:
            print_text(f"[yellow]![/] {escape(finding)}", hang=2)
        for found in export.profiles:
            for text in _differences(export, found.profile):
                print_text(f"[yellow]![/] {escape(text)}", hang=2)
    console.print()
    for text in proposal.relations:
        print_text(f"[cyan]≈[/] {escape(text)}", hang=2)
    for name, error in proposal.unreadable:
        print_text(
            f"[red]✗[/] {escape(error if error.startswith(name) else f'{name}: {error}')}", hang=2
        )


def print_summary(proposal: Proposal) -> None:
    """One line for each export: files, rows, and what it is."""
    rows = [
        (
            export.pattern if len(export.files) > 1 else export.table.name,
            f"{export.rows:,}",
            _short(export, proposal),
        )
        for export in proposal.exports
    ]
    rows += [(name, "", "cannot be read") for name, _ in proposal.unreadable]
    print_table(["export", Column("rows", right=True), "what it is"], rows)


def print_trial(report: LandingReport) -> None:
    """How many rows the mappings accept, and why others are refused."""
    rows = [
        (
            f.file,
            f.feed,
            f"{f.counts.read:,}",
            f"{f.counts.quarantined:,}" if f.status == "landed" else "rejected",
        )
        for f in report.files
    ]
    if rows:
        heads = ["file", "feed", Column("rows", right=True), Column("refused", right=True)]
        print_table(heads, rows, title="Trial: what would land")
    for file in report.rejected:
        print_text(f"[red]✗[/] {escape(file.error or '')}", hang=2)
    for reason in report.reasons[:12]:
        if not reason.is_no_record:
            text = f"{reason.file}: {reason.count:,} rows, first row {reason.example_row}: {reason.reason}"
            print_text(f"[yellow]![/] {escape(text)}", hang=2)


def print_blocks(proposal: Proposal) -> None:
    """The mappings as shop.yml has them."""
    if proposal.blocks:
        console.print("[bold]For shop.yml, to review:[/]")
        console.out(text_of(proposal.blocks), end="", highlight=False)


def _title(export: Export) -> str:
    table = export.table
    more = f" and {len(export.files) - 1} more files" if len(export.files) > 1 else ""
    parts = [f"{export.rows:,} rows"]
    if table.encoding and table.encoding != "utf-8":
        parts.append(table.encoding)
    if table.shape.delimiter and table.shape.delimiter != ",":
        parts.append(f"delimiter {table.shape.delimiter!r}")
    if table.shape.header_row > 1:
        parts.append(f"header in row {table.shape.header_row}")
    return f"{table.name}{more}: {', '.join(parts)}"


def _verdict(export: Export) -> str:
    if export.profiles:
        return "; ".join(
            f"{found.feed} by profile {found.profile} ({found.confidence:.0%}): {found.description}"
            for found in export.profiles
        )
    if export.matches:
        named = " and ".join(f"{m.feed} ({load_contract()[m.feed].en})" for m in export.matches)
        return f"no profile; proposed as {named}"
    return "nothing is proposed: no feed of the contract has these columns"


def _short(export: Export, proposal: Proposal) -> str:
    if export.profiles:
        return ", ".join(f"{f.feed} ({f.profile}, {f.confidence:.0%})" for f in export.profiles)
    if export.matches:
        return ", ".join(f"{m.feed}: {len(m.columns)} columns" for m in export.matches)
    used = any(export.table.file in str(block.content) for block in proposal.blocks)
    return "names for other files" if used else "unknown: not taken"


def _rows(export: Export, proposal: Proposal) -> Iterator[tuple[Any, ...]]:
    filled = targets(export)
    for fact in export.facts:
        column, sure = filled.get(fact.position, ("", ""))
        yield (
            fact.header,
            _KINDS.get(fact.kind, fact.kind),
            f"{fact.fill_rate:.0%}",
            sample_of(export, fact, column),
            column,
            sure,
        )


def _differences(export: Export, name: str) -> Iterator[str]:
    """What of a file is not as its profile says."""
    found = next(one for one in export.profiles if one.profile == name)
    missing = [
        one for one in dict.fromkeys(found.missing) if one not in export.renamed.get(name, {})
    ]
    if missing:
        yield f"{name}: the file has no header for {', '.join(missing)}"
    for column, words in found.unknown_words.items():
        yield f"{name}: {column} has words that the profile does not know: {', '.join(words[:6])}"
