"""The command that fetches databases and APIs into the inbox."""

from typing import Annotated

import typer

from orchestration.commands.shop_command import (
    ConfigOption,
    HomeOption,
    InboxOption,
    JsonOption,
    fail,
    shop,
)
from orchestration.config.hints import full_command
from orchestration.terminal.progress_bars import showing_progress

app = typer.Typer()


@app.command()
def fetch(
    names: Annotated[
        list[str] | None, typer.Argument(help="Sources of shop.yml; all if none is named.")
    ] = None,
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read all rows again, not only what has changed.")
    ] = False,
    accept_deletions: Annotated[
        bool,
        typer.Option("--accept-deletions", help="Withdraw deleted rows however many they are."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Fetch the databases and APIs of shop.yml into files of the inbox; `run` does it first, too.

    Exit code 1 when a source could not be fetched, 2 when the configuration is wrong.
    """
    from orchestration.config.shop_config import load_shop_config
    from orchestration.engines.warehouse import writer
    from orchestration.reports.fetch_print import print_fetch
    from orchestration.sources.fetch import fetch as fetch_sources
    from orchestration.terminal.json_output import print_json

    with shop(home, config, inbox, creates=True) as settings:
        loaded = load_shop_config(settings.config)
        with showing_progress(), writer(settings, "fetching"):
            report = fetch_sources(
                settings, loaded, names or (), full=full, accepts_deletions=accept_deletions
            )
        if json:
            print_json(report.facts())
        else:
            print_fetch(report, full_command("land", settings))
        if report.failed:
            fail(
                f"{len(report.failed)} of {len(report.sources)} sources could not be fetched; "
                "what they brought before stays.",
                1,
            )
