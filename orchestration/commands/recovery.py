"""The commands for recovery: verify the files of a home, and rebuild its warehouse from the archive."""

from typing import Annotated

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
from orchestration.terminal.console import console, errors
from orchestration.terminal.progress_bars import showing_progress

app = typer.Typer()


@app.command()
def verify(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    json: JsonOption = False,
) -> None:
    """Read every file of the home and compare it with its checksum; change nothing.

    Archive, ledger, warehouse, kept customer ids and releases. Exit code 1 when something is missing,
    changed or unreadable.
    """
    from orchestration.engines.warehouse import writer
    from orchestration.reports.verify import verify as verify_home
    from orchestration.reports.verify_print import print_verdict
    from orchestration.terminal.json_output import print_json

    with shop(home, config, inbox) as settings, writer(settings, "verifying"):
        verdict = verify_home(settings)
        if json:
            print_json(verdict.facts())
        else:
            print_verdict(verdict)
        if verdict.findings:
            raise typer.Exit(1)


@app.command()
def rebuild(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    release_anyway: Annotated[
        bool,
        typer.Option(
            "--release-anyway", help="Release even where tables differ from the last release."
        ),
    ] = False,
) -> None:
    """Make the warehouse again from the archive, compare it with the last release, and release it.

    The old warehouse stays in use until the new one is built and checked, and is then kept under another
    name. Exit code 1 when the archive is not whole, a check fails, or a table differs from the last
    release; the last release then stays.
    """
    from orchestration.engines.warehouse import writer
    from orchestration.pipeline.rebuild import rebuild as rebuild_home
    from orchestration.reports.compare import print_comparison
    from orchestration.reports.summary import print_failure

    with shop(home, config, inbox) as settings, writer(settings, "rebuilding"):
        with showing_progress():
            done = rebuild_home(settings, release_anyway=release_anyway)
        if not done.run.succeeded:
            print_failure(settings, done.run)
            errors.print("The old warehouse and the last release are as they were.")
            raise typer.Exit(1)
        if done.compared is not None:
            print_comparison(done.compared)
        console.print(
            f"[green]✓[/] {done.files:,} files landed again from the archive; customer ids from "
            f"{escape(done.ids_from or 'the records, since no copy of earlier ids was found')}",
            soft_wrap=True,
        )
        for note in done.notes:
            errors.print(escape(note), soft_wrap=True)
        if done.kept_as:
            console.print(f"The old warehouse is {escape(str(done.kept_as))}", soft_wrap=True)
        if done.released:
            console.print(f"[green]✓[/] released {escape(str(done.released))}", soft_wrap=True)
        if not done.is_equal:
            _fail_with_differences(release_anyway)


def _fail_with_differences(release_anyway: bool) -> None:
    said = "Tables differ from the last release, see above. "
    if not release_anyway:
        said += "The last release stays; type `shop360 release` if the new figures are right."
    fail(said.strip(), 1)
