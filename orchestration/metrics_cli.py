"""The commands below `shop360 metrics`; the engine behind them is in `metrics.py`."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.console import console
from orchestration.hints import again
from orchestration.shop_command import ConfigOption, HomeOption, InboxOption, fail, shop

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
    limit: Annotated[int, typer.Option(help="Rows to show at most; CSV is never cut.")] = 50,
) -> None:
    """Ask the released file for metrics; it is opened read-only."""
    from orchestration.ask import QueryError, fetch, show
    from orchestration.metrics import load_engine, metric_sql

    with shop(home, config, inbox) as settings:
        sql = metric_sql(
            load_engine(settings),
            _names(metrics),
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
            names, rows = fetch(settings, sql, None if csv else limit + 1)
        except QueryError as error:
            fail(
                f"{error}\nWhere the release is older than the project, "
                f"`{again('run', settings)}` renews it.",
                1,
            )
        else:
            digits = None if csv else 6
            shown = [[_shown(value, digits) for value in row] for row in rows]
            show(names, shown, as_csv=csv, limit=limit)


@app.command("list")
def list_metrics(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    parts: Annotated[
        bool, typer.Option("--parts", help="Numerators and denominators too.")
    ] = False,
) -> None:
    """Show every metric with its name in English and Chinese and what it tells."""
    from orchestration.metrics import load_engine

    with shop(home, config, inbox) as settings:
        table = Table(box=None, header_style="bold")
        for header in ("metric", "label", "description"):
            table.add_column(header)
        for metric in load_engine(settings).list_metrics(include_dimensions=False):
            description = metric.description or ""
            if parts or not description.startswith("Part of"):
                table.add_row(metric.name, metric.label, escape(description))
        console.print(table)


@app.command()
def dimensions(
    metrics: MetricsOption,
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
) -> None:
    """Show everything that all of these metrics can be sliced by."""
    from orchestration.metrics import dimensions_of, load_engine

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
