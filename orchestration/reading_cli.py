"""The commands that read what is released; what they do is in the modules that they call."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from orchestration.settings import load_settings
from orchestration.shop_command import ConfigOption, HomeOption, InboxOption, fail, reading, shop

app = typer.Typer()


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help='Such as "select * from marts.kpi_monthly limit 5".')],
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for other programs.")] = False,
    limit: Annotated[int, typer.Option(help="Rows to show at most; CSV is never cut.")] = 50,
) -> None:
    """Ask the released file a question in SQL; it is opened read-only."""
    from orchestration.ask import QueryError, ask

    try:
        with reading(home, config, inbox) as settings:
            ask(settings, sql, as_csv=csv, limit=limit)
    except QueryError as error:
        fail(str(error), 1)


@app.command()
def goals(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")] = False,
) -> None:
    """Show every goal: owner, target, pace, forecast, status, budget, and proposed revisions.

    Reads the released file.
    """
    from orchestration.goals import GoalsMissing
    from orchestration.goals import goals as all_goals
    from orchestration.goals_print import print_goals, print_json

    try:
        with reading(home, config, inbox) as settings:
            found = all_goals(settings)
    except GoalsMissing as error:
        fail(str(error), 1)
    (print_json if json else print_goals)(found)


@app.command()
def alerts(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    days: Annotated[int, typer.Option(min=1, help="How far to look back.")] = 30,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")] = False,
) -> None:
    """Show KPIs that left their own history or move against each other, and what explains it.

    Reads the released file.
    """
    from orchestration import alerts as told
    from orchestration.ask import QueryError

    try:
        with reading(home, config, inbox) as settings:
            found = told.alerts(settings, days)
    except QueryError as error:
        fail(str(error), 1)
    if json:
        told.print_json(found)
    else:
        told.print_alerts(found, days)


@app.command()
def explain(
    who: Annotated[
        str, typer.Argument(help="A customer id, record id, order number, phone, e-mail, card …")
    ],
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")] = False,
) -> None:
    """Show why somebody is one customer: records, ties, what does not tie and why, history.

    What is typed is neither printed nor stored. Exit code 1 when nothing is found.
    """
    from orchestration.explain import explain as explain_who
    from orchestration.explain_print import print_explanation, print_json

    with shop(home, config, inbox) as settings:
        found = explain_who(settings, who)
        (print_json if json else print_explanation)(found)


@app.command()
def compare(
    left: Annotated[Path, typer.Argument(help="A released file, or a home.")],
    right: Annotated[Path, typer.Argument(help="The one to compare it with.")],
) -> None:
    """Compare two releases row by row, such as those of two engines.

    Exit code 0 when every table is equal, 1 when something differs.
    """
    from orchestration.compare import compare as compare_files
    from orchestration.compare import grains, print_comparison
    from orchestration.home import exists
    from orchestration.manifest import ensure_manifest

    files = [load_settings(path).released if path.is_dir() else path for path in (left, right)]
    for file in files:
        if not file.exists():
            fail(f"{file}: there is no such release; `shop360 run` makes one.", 1)
    # The grains are in dbt's manifest, which is kept where a home is, and made anew elsewhere.
    homes = [path for path in (left, right) if path.is_dir()]
    with tempfile.TemporaryDirectory(prefix="shop360-compare-") as scratch:
        home = next(iter(homes), None) or (None if exists(load_settings()) else Path(scratch))
        with shop(home, None, None, creates=True) as settings:
            found = grains(ensure_manifest(settings))
        results = compare_files(*files, found)
    print_comparison(results)
    if not all(result.is_equal for result in results):
        raise typer.Exit(1)
