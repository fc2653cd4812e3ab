"""The command `shop360 forget`: finds the customers, asks for confirmation, removes them, prints the proof."""

import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape

from orchestration.commands.shop_command import (
    ConfigOption,
    HomeOption,
    InboxOption,
    JsonOption,
    fail,
    shop,
)
from orchestration.config.hints import full_command
from orchestration.config.settings import Settings
from orchestration.terminal.console import console
from orchestration.terminal.json_output import print_json
from orchestration.terminal.progress_bars import showing_progress

app = typer.Typer()


@app.command()
def forget(
    who: Annotated[
        list[str], typer.Argument(help="A customer id, record id, order number, phone, e-mail …")
    ],
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; for programs.")] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Remove every customer that the text leads to.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be removed; change nothing.")
    ] = False,
    no_run: Annotated[
        bool, typer.Option("--no-run", help="Do not build and release; the next run does.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Remove a person from raw, history, archive, inbox, identity and every release; the money stays.

    What is typed is not printed. Exit code 1 when a text leads to no customer, when it leads to more than one
    customer, or when the search at the end finds a trace.
    """
    from orchestration.engines.warehouse import writer
    from orchestration.forget import removal as removals
    from orchestration.terminal.progress import report_progress

    with shop(home, config, inbox) as settings:
        with writer(settings, "forgetting a person"):
            removal = removals.interrupted(settings)
            is_rest = removal is not None
            if removal is None:
                removal = removals.look_up(settings, who, every=every)
                if not json:
                    _show(removal)
                if dry_run:
                    if json:
                        print_json(_counts(removal))
                    return
                _confirm(yes)
                removals.begin(settings, removal, who)
            elif dry_run:
                fail("A removal was interrupted; type the command without --dry-run to end it.", 1)
            is_other = is_rest and not removals.is_same(settings, who)
            with showing_progress():
                proof = removals.remove(
                    settings,
                    removal,
                    lambda done, total, what: report_progress("forget", done, total, what),
                )
                if not no_run:
                    proof.ran = _run(settings)
            path = removals.finish(settings, removal, proof)
        if json:
            print_json(asdict(proof))
        else:
            _tell(settings, proof, str(path))
        if is_other:
            fail("This ended an interrupted removal. Type the command again for this person.", 1)
        if proof.traces or proof.ran.startswith("failed"):
            raise typer.Exit(1)


def _run(settings: Settings) -> str:
    """Build and release: the same job as any run."""
    from orchestration.pipeline.runs import run_job

    outcome = run_job(settings, always=True)
    if outcome.succeeded:
        return "released"
    reasons = [*outcome.failures, *outcome.blocking_checks]
    return f"failed: {reasons[0] if reasons else 'see ' + str(outcome.log)}"


def _counts(removal: Any) -> dict[str, int]:
    counts: dict[str, int] = {
        "customers": len(removal.people),
        "shared identifiers": removal.shared,
    }
    for person in removal.people:
        for kind, count in person.counts.items():
            counts[kind] = counts.get(kind, 0) + count
    return counts


def _show(removal: Any) -> None:
    counts = _counts(removal)
    console.print(
        f"To forget: {counts['customers']} customer(s) with {counts.get('crm', 0)} CRM records, "
        f"{counts.get('erp', 0)} ERP records and {counts.get('order', 0)} orders.",
        soft_wrap=True,
    )
    console.print(
        "Raw, history, quarantine, archive, inbox, matching, identity and every kept release are "
        "written again. Orders and their money stay, without the person. This cannot be undone.",
        soft_wrap=True,
    )
    if removal.shared:
        console.print(
            f"{removal.shared} identifiers are shared with others and stay in the rows of the others.",
            soft_wrap=True,
        )


def _confirm(is_sure: bool) -> None:
    if is_sure:
        return
    if not sys.stdin.isatty():
        fail("This is not a terminal, so the question cannot be asked; add --yes.", 1)
    if not typer.confirm("Remove?"):
        raise typer.Exit(1)


def _tell(settings: Settings, proof: Any, path: str) -> None:
    for what, count in proof.removed.items():
        if count:
            console.print(f"  {count:>8,}  {escape(what)}", soft_wrap=True)
    for note in proof.notes:
        console.print(escape(note), soft_wrap=True)
    if proof.remains:
        kept = ", ".join(f"{what} {value}" for what, value in proof.remains.items())
        console.print(f"What stays: {escape(kept)}", soft_wrap=True)
    if proof.ran:
        console.print(f"Run: {escape(proof.ran)}", soft_wrap=True)
    else:
        command = escape(full_command("run", settings))
        console.print(f"Type [bold]{command}[/] to build and release.", soft_wrap=True)
    found = proof.searched
    console.print(
        f"Searched {found['files']:,} files and {found['tables']:,} tables "
        f"({found['bytes']:,} bytes) for {found['texts']} texts: {len(proof.traces)} traces.",
        soft_wrap=True,
    )
    for place in proof.traces:
        console.print(f"[bold red]✗[/] {escape(place)}", soft_wrap=True)
    console.print(f"Proof: {escape(path)}", soft_wrap=True)
