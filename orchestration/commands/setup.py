"""The first hour of a shop: `inspect` says what exports are, `init` makes a shop of a folder of exports."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from orchestration.commands.running import run_and_print
from orchestration.commands.shop_command import (
    ConfigOption,
    HomeOption,
    InboxOption,
    JsonOption,
    naming_faults,
    shop,
)
from orchestration.config.hints import full_command
from orchestration.config.home import exists
from orchestration.config.settings import load_settings
from orchestration.terminal.console import console, errors
from orchestration.terminal.progress import report_progress
from orchestration.terminal.progress_bars import showing_progress

app = typer.Typer()


@app.command()
def inspect(
    files: Annotated[list[Path], typer.Argument(help="Exports, or folders of exports.")],
    write: Annotated[
        Path | None, typer.Option("--write", help="Also write the mappings to this file.")
    ] = None,
    timezone: Annotated[
        str, typer.Option("--timezone", help="Time zone of the exports, for the trial.")
    ] = "Asia/Shanghai",
    currency: Annotated[
        str, typer.Option("--currency", help="Currency of the shop, for the trial.")
    ] = "CNY",
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    json: JsonOption = False,
) -> None:
    """Say what exports are, and propose mappings for shop.yml to review.

    A known export is recognised by its profile. For an unknown one each header is compared with the columns of
    every feed, by its words and by its cells; a trial landing then counts the rows that would be refused.
    With --home, or in a shop's folder, the files are also related to those that the shop maps already.
    Nothing is changed and nothing is sent anywhere. Samples are masked.

    Exit code 0 when every file has a mapping, 1 when one is unknown or unreadable.
    """
    from orchestration.discovery import printed
    from orchestration.discovery.as_json import facts_json
    from orchestration.discovery.block_text import text_of
    from orchestration.discovery.deliveries import mapped, named
    from orchestration.discovery.proposal import propose
    from orchestration.discovery.trial import try_landing
    from orchestration.terminal.json_output import print_json

    with naming_faults():
        found = named(files)
        settings = load_settings(home, config, inbox)
        with showing_progress():
            proposal = propose(found, _progress, mapped(settings, found))
            report = (
                try_landing(proposal.blocks, found, timezone, currency) if proposal.blocks else None
            )
    if json:
        print_json(facts_json(proposal, report))
    else:
        printed.print_exports(proposal)
        if report:
            printed.print_trial(report)
        printed.print_blocks(proposal)
    if write and proposal.blocks:
        write.write_text(text_of(proposal.blocks), encoding="utf-8")
    if proposal.unknown or proposal.unreadable:
        raise typer.Exit(1)


def _progress(number: int, total: int, name: str) -> None:
    report_progress("inspect", number, total, name)


@app.command()
def init(
    folder: Annotated[
        Path | None, typer.Argument(help="The shop's folder. (SHOP360_HOME, else data/)")
    ] = None,
    copy_from: Annotated[
        Path | None, typer.Option("--from", help="Copy the exports of this folder into the inbox.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Name of the shop.")] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", help="Time zone of its business days.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option("--currency", help="Its currency, an ISO code such as CNY.")
    ] = None,
    has_refunds: Annotated[
        bool | None,
        typer.Option(
            "--refunds/--no-refunds",
            help="Whether the shop has refunds that these exports do not list.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; take the defaults.")] = False,
    run: Annotated[
        bool, typer.Option("--run/--no-run", help="Land, build and release at the end.")
    ] = True,
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
) -> None:
    """Make a shop of a folder of exports: shop.yml, inbox, private home, and the first report page.

    A shop is one folder: shop.yml, lists/, inbox/ and what shop360 makes. Exports that lie in the folder are
    moved into its inbox; each is recognised or gets a proposed mapping. At most five questions are asked.
    An existing shop.yml is never changed.

    Exit code 0 when the shop is ready, 1 when its first run stopped, 2 when something is missing.
    """
    from orchestration.discovery import shop_folder

    own = (folder / "shop.yml") if folder and not config else config
    with naming_faults():
        settings = load_settings(folder or home, own, inbox)
        if not exists(settings):
            errors.print(f"New home: {escape(str(settings.home))}", soft_wrap=True)
        answers = shop_folder.Answers(name, timezone, currency, has_refunds, asks=not yes)
        is_new = shop_folder.make(settings, copy_from, answers, _progress)
    runs = run and is_new and shop_folder.has_mappings(settings)
    with shop(settings.home, settings.config, settings.inbox, builds=runs, creates=True) as ready:
        for what, place in shop_folder.places(ready):
            console.print(f"{what:<7} {place}", soft_wrap=True, highlight=False, markup=False)
        if runs:
            run_and_print(ready)
        else:
            command = escape(full_command("land --dry-run", ready))
            console.print(
                f"Put exports into the inbox, then type\n  [bold]{command}[/]", soft_wrap=True
            )
