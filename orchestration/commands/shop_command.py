"""What every command shares: the options that place a shop, and errors that become one clear message."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from orchestration.config.hints import with_full_commands
from orchestration.config.home import close, exists, require
from orchestration.config.settings import Settings, load_settings
from orchestration.system import faults
from orchestration.system.errors import OperatorError
from orchestration.terminal.console import errors

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
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]
TargetOption = Annotated[
    str | None,
    typer.Option(
        "--target",
        help="Engine that builds the models: duckdb, ducklake or spark. (SHOP360_TARGET, else the one this "
        "home used last, else duckdb)",
    ),
]


@contextmanager
def naming_faults() -> Generator[None, None, None]:
    """Known errors within the block become one clear message and exit code 1 or 2."""
    try:
        yield
    except Exception as error:
        known = known_fault(error)
        if known is None:
            raise
        fail(str(known), known.exit_code)


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
    with naming_faults():
        settings = load_settings(home, config, inbox, target)
        is_new = not exists(settings)
        if is_new and leaves_no_trace:
            from orchestration.config.environment import export_environment
            from orchestration.config.shop_config import load_shop_config

            export_environment(settings, load_shop_config(settings.config))
        else:
            from orchestration.config.environment import prepare_environment

            if not creates:
                require(settings)
            prepare_environment(settings)
            if is_new:
                errors.print(f"New home: {escape(str(settings.home))}", soft_wrap=True)
        if builds:
            from orchestration.engines import readiness

            close(settings)
            readiness.check(settings)
        yield settings


@contextmanager
def reading(
    home: Path | None, config: Path | None, inbox: Path | None
) -> Generator[Settings, None, None]:
    """The settings of a command that reads a home and changes nothing: neither shop.yml nor salt is needed."""
    with naming_faults():
        settings = load_settings(home, config, inbox)
        settings.export()
        if not settings.released.exists():
            require(settings)
        yield settings


def known_fault(error: Exception) -> OperatorError | None:
    """What an operator can cure, and None where a traceback helps more."""
    if isinstance(error, OperatorError):
        return error
    if fault := faults.of(error):
        return fault
    # The reader of the pipe has closed it; typer ends the command.
    if isinstance(error, OSError) and error.filename and not isinstance(error, BrokenPipeError):
        return faults.MachineFault(f"{error.filename}: {error.strerror}.")
    return None


def fail(message: str, code: int) -> None:
    """Say what is wrong and leave with an exit code."""
    errors.print(f"[bold red]✗[/] {escape(with_full_commands(message))}", soft_wrap=True)
    raise typer.Exit(code)
