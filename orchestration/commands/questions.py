"""The command `shop360 questions`; the questions are the files of `questions/`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from orchestration.commands.shop_command import (
    ConfigOption,
    HomeOption,
    InboxOption,
    JsonOption,
    fail,
    reading,
)
from orchestration.system.errors import OperatorError
from orchestration.terminal.console import console

app = typer.Typer()


@app.command()
def questions(
    name: Annotated[
        str, typer.Argument(help="Such as net_sales_bridge; without a name, all are listed.")
    ] = "",
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A parameter of the question: shop=own_store, month_on=2026-10-01; may be repeated.",
        ),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for other programs.")] = False,
    json: JsonOption = False,
    limit: Annotated[
        int, typer.Option(min=1, help="Rows to show at most; CSV and JSON are never cut.")
    ] = 50,
    sql: Annotated[
        bool, typer.Option("--sql", help="Print the SQL of the question instead of its answer.")
    ] = False,
    superset: Annotated[
        Path | None,
        typer.Option(
            "--superset",
            metavar="FILE.zip",
            help="Write all questions as datasets, and a dashboard, for Superset to import.",
        ),
    ] = None,
    database: Annotated[
        Path | None,
        typer.Option(
            "--database",
            metavar="PATH",
            help="With --superset: where Superset finds the released file, if not in this home.",
        ),
    ] = None,
) -> None:
    """List the saved questions of analysts, or answer one of them from the released file.

    `shop360 questions` lists names and titles.

    `shop360 questions net_sales_bridge` answers for all shops and the last complete month, and states the parameters.

    `shop360 questions net_sales_bridge --set shop=own_store --csv` answers for one shop, as CSV.

    `shop360 questions net_sales_bridge --sql` prints the SQL, to start your own from.

    If a needed feed is not connected, the command names it instead of an empty table, with exit code 0; in JSON, see
    `missing_feeds`. Exit code 2 for an unknown question, parameter, value or shop.
    """
    from orchestration.reports.question_answer import answer, parsed_values
    from orchestration.reports.questions import all_questions, find_question
    from orchestration.reports.questions_print import print_answer, print_questions
    from orchestration.reports.sql_query import form_of

    try:
        form = form_of(csv=csv, json=json)
        _check_together(name, set_ or [], superset, database, sql=sql)
        if not name and not superset:
            print_questions(all_questions(), form)
            return
        question = find_question(name) if name else None
        values = parsed_values(question, set_ or []) if question else {}
    except OperatorError as error:
        fail(str(error), error.exit_code)
    if question and sql:
        typer.echo(question.sql, nl=False)
        return
    with reading(home, config, inbox) as settings:
        if superset:
            from orchestration.reports.superset_export import write_export

            count = write_export(settings, all_questions(), superset, database)
            text = f"[green]✓[/] {count} questions in {escape(str(superset))}"
            console.print(text, soft_wrap=True)
        elif question:
            rows = limit + 1 if form == "table" else None
            print_answer(answer(settings, question, values, rows), form, limit)


def _check_together(
    name: str, set_: list[str], superset: Path | None, database: Path | None, *, sql: bool
) -> None:
    """Options that mean nothing together."""
    if superset and name:
        fail("--superset exports all questions; leave the name out.", 2)
    if database and not superset:
        fail("--database belongs to --superset.", 2)
    if (set_ or sql) and not name:
        fail("--set and --sql belong to a question; `shop360 questions` lists all.", 2)
