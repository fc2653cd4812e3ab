"""The commands below `shop360 identity`; what they do is in the modules that they call."""

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
from orchestration.config.hints import full_command
from orchestration.terminal.console import console
from orchestration.terminal.progress import report_progress
from orchestration.terminal.progress_bars import showing_progress

app = typer.Typer(no_args_is_help=True, help="How well the shop knows who is who.")


@app.command()
def report(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    json: JsonOption = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for other programs.")] = False,
) -> None:
    """Show sizes of customers, hubs, excluded identifiers with reasons, coverage, reviews, accuracy.

    Accuracy needs a known truth, such as the demo's in <home>/private/truth. No personal data is shown.
    """
    from orchestration.reports.identity_print import print_csv, print_tables
    from orchestration.reports.identity_report import identity_report
    from orchestration.terminal.json_output import print_json

    with shop(home, config, inbox) as settings:
        found = identity_report(settings)
        if json:
            print_json(found.facts())
        elif csv:
            print_csv(found)
        else:
            print_tables(found)


@app.command()
def train(home: HomeOption = None, config: ConfigOption = None, inbox: InboxOption = None) -> None:
    """Train a new model for matching on the records of the warehouse; earlier models are kept.

    The next run scores every record by it. Exit code 1 when the records teach nothing.
    """
    from orchestration.engines.warehouse import writer
    from orchestration.matching.run import train as train_model

    with shop(home, config, inbox) as settings:
        with showing_progress(), writer(settings, "training the model"):
            report_progress("match", 0, 1, "reading records")
            model = train_model(settings)
            report_progress("match", 1, 1)
        if isinstance(model, str):
            fail(f"No model was trained: {model}.", 1)
        else:
            console.print(
                f"[green]✓[/] model {model.version}, from {model.record_count:,} records; "
                f"type [bold]{escape(full_command('run', settings))}[/] to match by it",
                soft_wrap=True,
            )
