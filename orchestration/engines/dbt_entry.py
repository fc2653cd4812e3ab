"""dbt as shop360 starts it, the console script `shop360-dbt`: dbt's own command line, a quarter sooner.

dbt reads the whole project into some hundred thousand objects that live as long as it does. With
Python's own thresholds the garbage collector walks over them again and again while they are made:
1.1 of 4.4 CPU seconds of a run of one model.

dbt also describes each statement in events that no log keeps, a seventh of its time in a small
shop. They are made only if DBT_LOG_LEVEL_FILE or DBT_LOG_LEVEL says `debug`.

dbt ends with the process that started it: a dbt that outlives a killed run would hold the warehouse.
"""

import gc
import importlib
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orchestration.system import processes
from orchestration.system.masking import plain


def collect_garbage_seldom() -> None:
    """For a process that is going to read the project with dbt."""
    gc.set_threshold(100_000, 50, 100)


def skip_unread_events() -> None:
    """Make no text of an event of level `debug` that every log leaves out."""
    os.environ.setdefault("DBT_LOG_LEVEL_FILE", "info")
    from dbt_common.events.base_types import EventLevel
    from dbt_common.events.event_manager import EventManager

    detailed = (EventLevel.DEBUG, EventLevel.TEST)
    fire = EventManager.fire_event

    def fire_if_read(
        self: EventManager, e: Any, level: Any = None, *rest: Any, **more: Any
    ) -> None:
        is_read = any(logger.level in detailed for logger in self.loggers)
        if is_read or (level or e.level_tag()) not in detailed:
            fire(self, e, level, *rest, **more)

    EventManager.fire_event = fire_if_read


def hide_values() -> None:
    """Errors of the database quote values; dbt would log, store and print them.

    Every statement of an adapter runs within its `exception_handler`, before anything is logged.
    """
    managers = {"spark": ("dbt.adapters.spark.connections", "SparkConnectionManager")}
    place, name = managers.get(
        os.environ.get("SHOP360_TARGET", "duckdb"),
        ("dbt.adapters.duckdb.connections", "DuckDBConnectionManager"),
    )
    manager = getattr(importlib.import_module(place), name)
    handler = manager.exception_handler

    @contextmanager
    def with_plain_errors(
        self: Any, *arguments: Any, **options: Any
    ) -> Generator[None, None, None]:
        with handler(self, *arguments, **options):
            try:
                yield
            except Exception as error:
                from dbt_common.exceptions import DbtRuntimeError

                kind = DbtRuntimeError if isinstance(error, DbtRuntimeError) else RuntimeError
                raise kind(plain(str(error))) from None

    manager.exception_handler = with_plain_errors


def main() -> None:
    """Run dbt with the arguments of this process."""
    processes.end_with_parent()
    collect_garbage_seldom()
    skip_unread_events()
    hide_values()
    if os.environ.get("SHOP360_TARGET") == "spark":
        from orchestration.engines.spark.functions import register_on_first_statement

        register_on_first_statement()
    private = os.environ.get("SHOP360_PRIVATE")
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    with processes.noted(Path(private) if private else None, f"dbt {command}".strip()):
        from dbt.cli.main import cli

        cli(prog_name="dbt")
