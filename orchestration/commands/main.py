"""The application of the command line, and the commands of a run: run, land, status, release."""

from dataclasses import asdict
from typing import Annotated

import typer

from orchestration.commands.audience import app as audience_app
from orchestration.commands.demo import app as demo_app
from orchestration.commands.development import app as development_app
from orchestration.commands.forget import app as forget_app
from orchestration.commands.identity import app as identity_app
from orchestration.commands.messages import app as messages_app
from orchestration.commands.metrics import app as metrics_app
from orchestration.commands.profiles import app as profiles_app
from orchestration.commands.questions import app as questions_app
from orchestration.commands.reading import app as reading_app
from orchestration.commands.recovery import app as recovery_app
from orchestration.commands.running import run_and_print
from orchestration.commands.setup import app as setup_app
from orchestration.commands.shop_command import (
    ConfigOption,
    HomeOption,
    InboxOption,
    JsonOption,
    TargetOption,
    fail,
    reading,
    shop,
)
from orchestration.commands.sources import app as sources_app
from orchestration.terminal.console import console
from orchestration.terminal.progress_bars import showing_progress

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="shop360: raw CRM, ERP, ad and web exports in; one customer view and trusted KPIs out.\n\n"
    "Put exports into the inbox, describe them in shop.yml, and type [bold]shop360 run[/].",
)

app.add_typer(setup_app)
app.add_typer(development_app)
app.add_typer(demo_app)
app.add_typer(sources_app)
app.add_typer(reading_app)
app.add_typer(messages_app)
app.add_typer(questions_app)
app.add_typer(profiles_app)
app.add_typer(recovery_app)
app.add_typer(forget_app)
app.add_typer(audience_app)
app.add_typer(identity_app, name="identity")
app.add_typer(metrics_app, name="metrics")


@app.command()
def run(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    target: TargetOption = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Write the demo shop's exports if the inbox is empty.")
    ] = False,
    always: Annotated[
        bool, typer.Option("--always", help="Run also if nothing has arrived or changed.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Fetch the sources, land, check, build and release: the same job that the schedule runs.

    If no file has arrived, and code and configuration are those of the release, it ends at once.

    Exit code 0 when a new file was released or nothing had changed, 1 when a check or step stopped the run (the last
    release then stays), a source was not fetched or the release has no report page, 2 when the configuration is wrong.
    """
    with shop(home, config, inbox, target, builds=True, creates=True) as settings:
        run_and_print(settings, demo=demo, always=always, json=json)


@app.command()
def land(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    target: TargetOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would land; change nothing.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Land the inbox into the raw tables, without checking, building or releasing.

    Exit code 1 when a file was rejected.
    """
    from orchestration.engines.warehouse import check, require, writer
    from orchestration.pipeline.landing_assets import land_with_progress
    from orchestration.reports.summary import landing_json, print_landing
    from orchestration.terminal.json_output import print_json

    with shop(home, config, inbox, target, leaves_no_trace=dry_run) as settings:
        (require if dry_run else check)(settings)
        if dry_run:
            with showing_progress():
                report = land_with_progress(settings, dry_run=True)
        else:
            with showing_progress(), writer(settings, "landing exports"):
                report = land_with_progress(settings)
        if json:
            print_json(landing_json(report, dry_run=dry_run))
        else:
            print_landing(report, dry_run=dry_run)
        if report.rejected:
            raise typer.Exit(1)


@app.command()
def status(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    json: JsonOption = False,
) -> None:
    """Show the last runs, what is released, how old each feed is by its own rhythm, and what was refused."""
    from orchestration.reports.landing_print import refusals
    from orchestration.reports.status import status as status_of
    from orchestration.reports.status_print import print_status
    from orchestration.terminal.json_output import print_json

    with reading(home, config, inbox) as settings:
        found = status_of(settings)
        if json:
            reasons, rejected, warnings = refusals(settings)
            facts = {"reasons": [asdict(reason) for reason in reasons], "rejected_files": rejected}
            print_json({**asdict(found), "landing": {**facts, "warnings": warnings}})
        else:
            print_status(settings, found)


@app.command()
def release(
    home: HomeOption = None, config: ConfigOption = None, inbox: InboxOption = None
) -> None:
    """Release what the warehouse holds, if its last build passed every blocking check."""
    from orchestration.engines.warehouse import writer
    from orchestration.release import generations as releases
    from orchestration.terminal.progress import report_progress

    with shop(home, config, inbox, builds=True) as settings:
        with showing_progress(), writer(settings, "releasing"):
            report_progress("release", 0, 1, "writing the file for readers")
            path = releases.release(settings)
            report_progress("release", 1, 1)
        console.print(f"[green]✓[/] released {path}")
        if problem := releases.page_problem(settings):
            fail(f"The release has no report page: {problem}", 1)


@app.command()
def rollback(
    home: HomeOption = None, config: ConfigOption = None, inbox: InboxOption = None
) -> None:
    """Serve the previous release again; readers see it at their next connection."""
    from orchestration.release import generations as releases

    with shop(home, config, inbox) as settings:
        generation = releases.rollback(settings)
        console.print(f"[green]✓[/] serving {generation.name} again")
