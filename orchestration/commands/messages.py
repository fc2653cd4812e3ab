"""The command of the morning digest: show it, or send it to the places of shop.yml."""

import logging
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from orchestration.commands.shop_command import (
    ConfigOption,
    HomeOption,
    InboxOption,
    JsonOption,
    fail,
    reading,
    shop,
)
from orchestration.config.settings import Settings
from orchestration.terminal.console import console, errors

if TYPE_CHECKING:
    from orchestration.messages.deliver import Outcome

app = typer.Typer()


class Language(StrEnum):
    """The languages of messages."""

    en = "en"
    zh = "zh"


@app.command()
def digest(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    send: Annotated[
        bool,
        typer.Option(
            "--send", help="Send it to the places in `notify` of shop.yml that do not have it."
        ),
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="With --send: also to places that have it.")
    ] = False,
    html: Annotated[bool, typer.Option("--html", help="Print the HTML page of a mail.")] = False,
    lang: Annotated[Language, typer.Option(help="Language of what is printed.")] = Language.en,
    json: JsonOption = False,
) -> None:
    """Show the morning digest of a release: figures, alerts, goals, late feeds, checks.

    The figures are those of the last day of the data, for all shops, compared
    with the day before and with the same weekday a year before. A Sunday adds
    its week, and the last day of a month adds the month.

    Runs send the digest once per day of the data to the places that `notify` of
    shop.yml names. With [bold]--send[/] it is sent now, with late feeds and failed
    runs that are due. A cron job that types it each morning also reports that no
    run has brought new data. How to set up each place: docs/operate.md.

    Exit code 0 if it was shown, or if every place has it; 1 if a place did not
    take a message, or if there is no release; 2 if the configuration is wrong or
    names no place for digests.
    """
    if sum((send, html, json)) > 1:
        fail("--send, --html and --json exclude each other.", 2)
    if again and not send:
        fail("--again needs --send.", 2)
    if send:
        with shop(home, config, inbox) as settings:
            _send(settings, again=again)
        return
    from orchestration.config.shop_config import load_shop_config
    from orchestration.messages.html_page import as_html
    from orchestration.messages.text import as_text
    from orchestration.reports.digest import read_digest
    from orchestration.reports.digest_document import digest_document
    from orchestration.terminal.json_output import print_json

    with reading(home, config, inbox) as settings:
        found = read_digest(settings, load_shop_config(settings.config))
        if json:
            print_json(found.facts())
        else:
            document = digest_document(found, lang.value)
            sys.stdout.write(as_html(document) if html else as_text(document))


def _send(settings: Settings, *, again: bool) -> None:
    from orchestration.pipeline import notify

    log = logging.FileHandler(settings.logs / "digest.log", encoding="utf-8", delay=True)
    logging.getLogger("shop360.notify").addHandler(log)
    outcomes = notify.send_now(settings, again=again)
    for outcome in outcomes:
        _print(outcome)
    if not any(outcome.message == "digest" for outcome in outcomes):
        fail(
            f"{settings.config}: notify: no place receives the digest; write "
            "`notify: [{format: wecom, url_env: SHOP360_WECOM}]`, or see docs/operate.md.",
            2,
        )
    if not _all_taken(outcomes):
        raise typer.Exit(1)


def _all_taken(outcomes: Sequence["Outcome"]) -> bool:
    return all(outcome.is_taken and not outcome.why for outcome in outcomes)


def _print(outcome: "Outcome") -> None:
    where = f"{escape(outcome.place.label)}: {outcome.message}"
    if outcome.is_earlier:
        console.print(f"[dim]·[/] {where} was sent before", soft_wrap=True)
    elif outcome.why:
        errors.print(f"[bold red]✗[/] {where}: {escape(outcome.why)}", soft_wrap=True)
    else:
        console.print(f"[green]✓[/] {where} sent", soft_wrap=True)
