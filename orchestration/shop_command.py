"""What every command shares: the options that place a shop, and errors that become one clear message."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from orchestration.console import errors
from orchestration.settings import Settings, load_settings

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", help="State of the shop: warehouse, archive, releases. (SHOP360_HOME, else data/)"
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="The shop's configuration. (SHOP360_CONFIG, else shop.yml)"),
]
InboxOption = Annotated[
    Path | None,
    typer.Option("--inbox", help="Where exports arrive. (SHOP360_INBOX, else <home>/inbox)"),
]
TargetOption = Annotated[
    str | None,
    typer.Option(
        "--target",
        help="Engine that builds the models: duckdb, ducklake or spark. (SHOP360_TARGET, else the one this "
        "home used last, else duckdb)",
    ),
]


@contextmanager
def shop(
    home: Path | None,
    config: Path | None,
    inbox: Path | None,
    target: str | None = None,
    *,
    builds: bool = False,
    creates: bool = False,
    leaves_no_trace: bool = False,
) -> Generator[Settings, None, None]:
    """The settings of the command; known errors become one clear message and exit code 1 or 2.

    A command that `builds` stops at once where the target's engine is not installed. Only a command
    that `creates` makes a home that is not there; one that `leaves_no_trace` works without a home.
    """
    from orchestration import engine
    from orchestration.ducklake import DuckLakeFailed, DuckLakeMissing
    from orchestration.environment import export_environment, prepare_environment
    from orchestration.explain import NobodyFound
    from orchestration.home import HomeBusy, HomeMissing, exists, require
    from orchestration.identity_report import NothingResolved
    from orchestration.lake import LakeError
    from orchestration.landing import LandingError
    from orchestration.manifest import ProjectBroken
    from orchestration.matching import MatchingError
    from orchestration.metrics import MetricFlowMissing, MetricsError
    from orchestration.release import NothingToRelease
    from orchestration.settings import SettingsError
    from orchestration.shop_config import ShopConfigError, load_shop_config
    from orchestration.spark.needs import SparkMissing
    from orchestration.spark.server import SparkFailed
    from orchestration.warehouse import WarehouseBusy, WarehouseMissing

    try:
        settings = load_settings(home, config, inbox, target)
        is_new = not exists(settings)
        if is_new and leaves_no_trace:
            export_environment(settings, load_shop_config(settings.config))
        else:
            if not creates:
                require(settings)
            prepare_environment(settings)
            if is_new:
                errors.print(f"New home: {escape(str(settings.home))}", soft_wrap=True)
        if builds:
            engine.check(settings)
        yield settings
    except (
        DuckLakeMissing,
        HomeMissing,
        LakeError,
        MetricFlowMissing,
        ShopConfigError,
        SettingsError,
        SparkMissing,
    ) as error:
        fail(str(error), 2)
    except (
        DuckLakeFailed,
        HomeBusy,
        LandingError,
        MatchingError,
        MetricsError,
        NobodyFound,
        NothingResolved,
        NothingToRelease,
        ProjectBroken,
        SparkFailed,
        WarehouseBusy,
        WarehouseMissing,
    ) as error:
        fail(str(error), 1)


def fail(message: str, code: int) -> None:
    """Say what is wrong and leave with an exit code."""
    errors.print(f"[bold red]✗[/] {escape(message)}", soft_wrap=True)
    raise typer.Exit(code)
