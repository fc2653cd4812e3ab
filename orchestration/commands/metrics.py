"""The commands below `shop360 metrics`; the engine is in `reports/metrics.py`."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from orchestration.commands.shop_command import (
    ConfigOption,
    HomeOption,
    InboxOption,
    JsonOption,
    shop,
)
from orchestration.config.hints import full_command
from orchestration.config.settings import Settings
from orchestration.terminal.console import errors
from orchestration.terminal.json_output import print_json
from orchestration.terminal.tables import print_table

app = typer.Typer(
    no_args_is_help=True, help="Ask for KPIs by name, together, by any slice and span of time."
)

MetricsOption = Annotated[
    str, typer.Option("--metrics", help="Names, separated by commas: net_sales,orders.")
]
_DAY = ["%Y-%m-%d"]


@app.command()
def query(
    metrics: MetricsOption,
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    group_by: Annotated[
        str, typer.Option("--group-by", help="Slices: metric_time__month,platform.")
    ] = "",
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            help="\"{{ Dimension('purchase__province') }} = '浙江省'\"; may be repeated.",
        ),
    ] = None,
    order: Annotated[
        str, typer.Option("--order", help="Columns to sort by, -column downwards.")
    ] = "",
    start: Annotated[
        datetime | None, typer.Option("--start-time", formats=_DAY, help="First day.")
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--end-time", formats=_DAY, help="Last day.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print the SQL instead of its answer.")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for other programs.")] = False,
    json: JsonOption = False,
    limit: Annotated[
        int, typer.Option(min=1, help="Rows to show at most; CSV and JSON are never cut.")
    ] = 50,
) -> None:
    """Ask the released file for metrics; it is opened read-only."""
    from orchestration.reports.metrics import load_engine, metric_sql
    from orchestration.reports.metrics_blank import why_blank
    from orchestration.reports.sql_query import QueryError, fetch, form_of, show

    with shop(home, config, inbox) as settings:
        form = form_of(csv=csv, json=json)
        names = _names(metrics)
        sql = metric_sql(
            load_engine(settings),
            names,
            _names(group_by),
            where=where or (),
            order=_names(order),
            start=start,
            end=end,
        )
        if explain:
            print(sql)
            return
        try:
            heads, rows = fetch(settings, sql, limit + 1 if form == "table" else None)
        except QueryError as error:
            raise QueryError(
                _in_a_line(str(error), filtered=bool(where), settings=settings)
            ) from error
        digits = 6 if form == "table" else None
        shown = [[_shown(value, digits) for value in row] for row in rows]
        show(heads, shown, form, limit)
        for reason in why_blank(settings, names, heads, rows, start, end):
            errors.print(f"[yellow]![/] {escape(reason)}", soft_wrap=True)


def _in_a_line(message: str, *, filtered: bool, settings: Settings) -> str:
    """DuckDB's first line, and what is usually the matter."""
    first = message.split("\n")[0]
    if filtered:
        return f"{first} In --where, write a slice as {{{{ Dimension('platform') }}}}."
    return f"{first} Where the release is older than the project, `{full_command('run', settings)}` renews it."


@app.command("list")
def list_metrics(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    parts: Annotated[
        bool, typer.Option("--parts", help="Numerators and denominators too.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show every metric with its name in English and Chinese and what it tells."""
    from orchestration.reports.metrics import load_engine

    with shop(home, config, inbox) as settings:
        found = [
            (metric.name, metric.label, metric.description or "")
            for metric in load_engine(settings).list_metrics(include_dimensions=False)
            if parts or not (metric.description or "").startswith("Part of")
        ]
        heads = ("metric", "label", "description")
        if json:
            print_json([dict(zip(heads, row, strict=True)) for row in found])
        else:
            print_table(heads, found)


@app.command()
def dimensions(
    metrics: MetricsOption,
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
) -> None:
    """Show everything that all of these metrics can be sliced by."""
    from orchestration.reports.metrics import dimensions_of, load_engine

    with shop(home, config, inbox) as settings:
        for name in dimensions_of(load_engine(settings), _names(metrics)):
            print(name)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _shown(value: Any, digits: int | None) -> Any:
    """Weeks and months come as midnights, and no slice is finer than a day; ratios are rounded for people."""
    if isinstance(value, datetime):
        return value.date()
    return round(value, digits) if digits and isinstance(value, float) else value
