"""What a person sees while a run goes on: one line a stage, a bar where there is a terminal."""

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column

from orchestration import progress

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

_STAGES = {
    "demo": "Writing the demo shop",
    "land": "Landing exports",
    "match": "Matching records",
    "check": "Checking raw feeds",
    "build": "Building and testing models",
    "release": "Releasing",
}


@contextmanager
def showing_progress() -> Generator[None, None, None]:
    """Draw the progress that steps tell; without a terminal, print a line per finished stage."""
    bars = Progress(
        TextColumn("{task.description}", table_column=Column(width=28)),
        BarColumn(bar_width=30),
        MofNCompleteColumn(table_column=Column(width=9, justify="right")),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[label]}", table_column=Column(no_wrap=True)),
        console=console,
        disable=not console.is_terminal,
    )
    tasks: dict[str, int] = {}
    finished: set[str] = set()

    def draw(step: progress.Progress) -> None:
        name = _STAGES.get(step.stage, step.stage)
        if step.stage not in tasks:
            tasks[step.stage] = bars.add_task(name, total=step.total, label="")
        done = step.done >= step.total
        bars.update(
            tasks[step.stage],  # ty: ignore[invalid-argument-type]
            completed=step.done,
            total=step.total,
            label="" if done else escape(step.label),
        )
        if done and step.stage not in finished:
            finished.add(step.stage)
            if not console.is_terminal:
                console.print(f"{name}: {step.total:,} of {step.total:,} done")

    with bars, progress.listening(draw):
        yield
