"""The command that writes the demo shop."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from orchestration.commands.shop_command import ConfigOption, HomeOption, InboxOption, fail, shop
from orchestration.config.hints import full_command
from orchestration.config.settings import Settings
from orchestration.demo.causes import WITHOUT, Cause
from orchestration.terminal.console import console
from orchestration.terminal.progress_bars import showing_progress

app = typer.Typer()

_CAUSES = "\n".join(f"{cause:<14} {meaning}" for cause, meaning in WITHOUT.items())
_HELP = f"""Write the demo shop's exports into the inbox, and its known truth into <home>/private/truth.

The truth says who is who, what the money is, what is personal, and what advertising and promotions bring.

\b
The shop with --without CAUSE:
{_CAUSES}
"""


@app.command(help=_HELP)
def demo(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    customers: Annotated[int, typer.Option(min=1000, help="Customers of the demo shop.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Same seed, same shop.")] = 360,
    without: Annotated[
        list[Cause] | None,
        typer.Option(
            metavar="CAUSE", help="Switch a cause off under the same seed; repeat for several."
        ),
    ] = None,
) -> None:
    """Write the exports and the truth of the demo shop."""
    with shop(home, config, inbox, creates=True) as settings:
        if not is_empty(settings.inbox):
            fail(f"{settings.inbox} is not empty; choose another --inbox or --home.", 1)
        with showing_progress():
            write_exports(settings, customers, seed, without or ())
        inbox_of, command = escape(str(settings.inbox)), escape(full_command("run", settings))
        console.print(
            f"[green]✓[/] demo exports in {inbox_of}; type [bold]{command}[/]", soft_wrap=True
        )


def is_empty(inbox: Path) -> bool:
    """Whether an inbox holds no file or folder."""
    return not inbox.is_dir() or not any(inbox.iterdir())


def write_exports(
    settings: Settings, customers: int, seed: int = 360, without: Collection[Cause] = ()
) -> None:
    """Write the demo shop into the inbox and truth of a home, and report the steps."""
    from orchestration.demo.write import write_demo
    from orchestration.terminal.progress import report_progress

    report_progress("demo", 0, 1, "drawing customers, orders and visits")
    write_demo(
        settings.inbox,
        settings.truth,
        customers=customers,
        seed=seed,
        without=without,
        report=lambda done, total, label: report_progress("demo", done, total, label),
    )
