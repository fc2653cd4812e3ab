"""The commands that read what is released; what they do is in the modules that they call."""

import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.shop_command import (
    ConfigOption,
    HomeOption,
    InboxOption,
    JsonOption,
    fail,
    reading,
    shop,
)
from orchestration.config.hints import full_command
from orchestration.config.settings import load_settings

app = typer.Typer()


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help='Such as "select * from marts.kpi_monthly limit 5".')],
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for other programs.")] = False,
    json: JsonOption = False,
    limit: Annotated[
        int, typer.Option(min=1, help="Rows to show at most; CSV and JSON are never cut.")
    ] = 50,
) -> None:
    """Ask the released file a question in SQL; it is opened read-only.

    What is wider than the page is shown as records, a line for each column.
    """
    from orchestration.reports.sql_query import ask, form_of

    with reading(home, config, inbox) as settings:
        ask(settings, sql, form_of(csv=csv, json=json), limit)


@app.command()
def page(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="DIR",
            help="Write a copy there, for readers without access to the home.",
        ),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Show where the report page of the release is; copy it or open it.

    The page is one file that needs no network: KPIs, goals, alerts, shops, channels and the state of the data. Its copy
    is named after the shop and the last day. Exit code 1 when the release has no page, with the reason.
    """
    import webbrowser

    from orchestration.page.write import copy_page
    from orchestration.release.generations import page_problem

    with reading(home, config, inbox) as settings:
        if problem := page_problem(settings):
            fail(f"The release has no report page: {problem}", 1)
        path = copy_page(settings.page, to) if to else settings.page
        typer.echo(path)
        if open_ and not webbrowser.open(path.resolve().as_uri()):
            fail("No browser was found; open the file named above.", 1)


@app.command()
def goals(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    json: JsonOption = False,
) -> None:
    """Show the plan: goals in layers with pace, forecast and proposed revisions, milestones, risks.

    Reads the released file.
    """
    from orchestration.reports.plan import plan
    from orchestration.reports.plan_print import print_plan
    from orchestration.terminal.json_output import print_json

    with reading(home, config, inbox) as settings:
        found = plan(settings)
        if json:
            print_json(found.facts())
        else:
            print_plan(found)


@app.command()
def alerts(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    days: Annotated[int, typer.Option(min=1, help="How far to look back.")] = 30,
    json: JsonOption = False,
) -> None:
    """Show KPIs that left their own history or move against each other, and what explains it.

    Reads the released file.
    """
    from orchestration.reports import alerts as alert_report
    from orchestration.terminal.json_output import print_json

    with reading(home, config, inbox) as settings:
        found = alert_report.alerts(settings, days)
        if json:
            print_json(found)
        else:
            alert_report.print_alerts(found, days)


@app.command()
def explain(
    who: Annotated[
        str, typer.Argument(help="A customer id, record id, order number, phone, e-mail, card …")
    ],
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    json: JsonOption = False,
) -> None:
    """Show why records are one customer: records, links, excluded identifiers with reasons, history.

    What is typed is neither printed nor stored. Exit code 1 when nothing is found.
    """
    from orchestration.config.environment import export_salt
    from orchestration.reports.explain import explain as explain_who
    from orchestration.reports.explain_print import print_explanation
    from orchestration.terminal.json_output import print_json

    with reading(home, config, inbox) as settings:
        export_salt(settings)
        # DuckDB imports both for the parameters of a statement where it finds them: seconds for nothing.
        sys.modules.update(dict.fromkeys(("numpy", "pandas")))  # ty: ignore[no-matching-overload]
        found = explain_who(settings, who)
        if json:
            print_json(asdict(found))
        else:
            print_explanation(found)


@app.command()
def compare(
    left: Annotated[Path, typer.Argument(help="A released file, or a home.")],
    right: Annotated[Path, typer.Argument(help="The one to compare it with.")],
) -> None:
    """Compare two releases row by row, such as those of two engines.

    Exit code 0 when every table is equal, 1 when something differs.
    """
    from orchestration.config.home import exists
    from orchestration.engines.manifest import ensure_manifest
    from orchestration.reports.compare import compare as compare_files
    from orchestration.reports.compare import grains, print_comparison

    files = [load_settings(path).released if path.is_dir() else path for path in (left, right)]
    for path, file in zip((left, right), files, strict=True):
        if not file.exists():
            hint = (
                f" `{full_command('run', load_settings(path))}` makes one." if path.is_dir() else ""
            )
            fail(f"{file}: there is no such release.{hint}", 1)
    # The grains are in dbt's manifest. A home keeps it; without a home it is parsed again.
    homes = [path for path in (left, right) if path.is_dir()]
    with tempfile.TemporaryDirectory(prefix="shop360-compare-") as scratch:
        home = next(iter(homes), None) or (None if exists(load_settings()) else Path(scratch))
        with shop(home, None, None, creates=True) as settings:
            found = grains(ensure_manifest(settings))
        results = compare_files(*files, found)
    print_comparison(results)
    if not all(result.is_equal for result in results):
        raise typer.Exit(1)
