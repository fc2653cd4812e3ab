"""dbt as shop360 starts it, the console script `shop360-dbt`: dbt's own command line, a quarter sooner.

dbt reads the whole project into some hundred thousand objects that live as long as it does. With
Python's own thresholds the garbage collector walks over them again and again while they are made:
1.1 of 4.4 CPU seconds of a run of one model.

dbt ends with the process that started it: a dbt that outlives a killed run would hold the warehouse.
"""

import gc
import os
import sys
from pathlib import Path

from orchestration import processes


def collect_garbage_seldom() -> None:
    """For a process that is going to read the project with dbt."""
    gc.set_threshold(100_000, 50, 100)


def main() -> None:
    """Run dbt with the arguments of this process."""
    processes.end_with_parent()
    collect_garbage_seldom()
    private = os.environ.get("SHOP360_PRIVATE")
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    with processes.noted(Path(private) if private else None, f"dbt {command}".strip()):
        from dbt.cli.main import cli

        cli(prog_name="dbt")
