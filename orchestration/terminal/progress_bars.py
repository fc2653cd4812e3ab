"""Progress on stderr while a command works: bars in a terminal, else one line for each finished stage."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from orchestration.terminal import progress

if TYPE_CHECKING:
    from rich.console import RenderableType

_STAGES = {
    "start": "Starting",
    "inspect": "Inspecting files",
    "demo": "Writing the demo shop",
    "spark": "Starting Spark",
    "land": "Landing files",
    "forget": "Removing the person",
    "match": "Matching records",
    "check": "Checking raw feeds",
    "build": "Building models",
    "release": "Releasing",
    "compare": "Comparing releases",
}
_WIDTH = max(map(len, _STAGES.values()))
_PER_SECOND = 4
# A label is worth a clock of its own once it has stood for so long.
_LONG_SECONDS = 3


@dataclass
class Stage:
    """One stage of a command, with seconds since it began."""

    name: str
    done: int = 0
    total: int = 1
    label: str = ""
    began: float = field(default_factory=time.monotonic)
    labelled: float = field(default_factory=time.monotonic)
    ended: float | None = None

    @property
    def title(self) -> str:
        """What the stage is called."""
        return _STAGES.get(self.name, self.name)

    @property
    def seconds(self) -> float:
        """How long the stage has taken, or took."""
        return (self.ended or time.monotonic()) - self.began

    @property
    def count(self) -> str:
        """`n of m`, where there is more than one thing to do."""
        return f"{self.done:,} of {self.total:,}" if self.total > 1 else ""


class Stages:
    """Every stage so far, in order; `finished` is called once for each that ends."""

    def __init__(self, finished: Callable[[Stage], None] = lambda _: None) -> None:
        self.all: dict[str, Stage] = {}
        self._finished = finished

    def take(self, step: progress.Progress) -> None:
        """Note what a step reports."""
        starting = self.all.get("start")
        if step.stage != "start" and starting and not starting.ended:
            self._end(starting)
        stage = self.all.setdefault(step.stage, Stage(step.stage))
        if step.label != stage.label:
            stage.label, stage.labelled = step.label, time.monotonic()
        stage.done, stage.total = step.done, step.total
        if step.done >= step.total and not stage.ended:
            self._end(stage)
        elif step.done < step.total:
            stage.ended = None

    def current(self) -> Stage | None:
        """The stage that is being worked on."""
        return next((stage for stage in reversed(self.all.values()) if not stage.ended), None)

    def _end(self, stage: Stage) -> None:
        stage.ended = time.monotonic()
        self._finished(stage)


@contextmanager
def showing_progress() -> Generator[None, None, None]:
    """Show the progress that steps report on the stderr of this moment, whatever replaces it meanwhile."""
    stream = sys.stderr
    with (_bars if stream.isatty() else _lines)(stream):
        progress.report_progress("start", 0, 1, "loading the project")
        yield


@contextmanager
def _lines(stream: TextIO) -> Generator[None, None, None]:
    """A line when the command starts and one when a stage ends, each written at once."""
    said: set[str] = set()

    def say(text: str) -> None:
        print(text, file=stream, flush=True)

    def finished(stage: Stage) -> None:
        if stage.name not in {"start", *said}:
            said.add(stage.name)
            count = f" {stage.count}," if stage.count else ""
            say(f"{stage.title}:{count} {stage.seconds:.0f} s")

    stages = Stages(finished)
    say(_STAGES["start"])
    try:
        with progress.listening(stages.take):
            yield
    finally:
        if (stage := stages.current()) and stage.name != "start":
            count = f" at {stage.count}," if stage.count else ""
            say(f"{stage.title}: stopped{count} {stage.seconds:.0f} s")


@contextmanager
def _bars(stream: TextIO) -> Generator[None, None, None]:
    """A bar for each stage, and below them what is being done, redrawn even while nothing is reported."""
    from rich.console import Console
    from rich.live import Live

    stages = Stages()
    with (
        Live(
            console=Console(file=stream, highlight=False),
            get_renderable=lambda: _drawn(stages),
            refresh_per_second=_PER_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
        ) as live,
        progress.listening(stages.take),
    ):
        try:
            yield
        finally:
            # A run that stops leaves no bar that seems to move.
            if working := stages.current():
                working.ended = time.monotonic()
            live.refresh()


def _drawn(stages: Stages) -> "RenderableType":
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1))
    table.add_column(width=_WIDTH)
    table.add_column(width=20)
    table.add_column(width=14, justify="right")
    table.add_column(width=7, justify="right")
    for stage in stages.all.values():
        counted = stage.total > 1 or stage.ended
        stopped = stage.ended and stage.done < stage.total and stage.name != "start"
        done = stage.total if stage.ended and not stopped else stage.done
        bar = ProgressBar(
            total=max(stage.total, 1),
            completed=done,
            width=20,
            pulse=not counted,
            animation_time=time.monotonic(),
        )
        table.add_row(stage.title, bar, stage.count, _clock(stage.seconds))
    working = stages.current()
    if working is None or not working.label:
        return table
    waited = time.monotonic() - working.labelled
    clock = f"  {_clock(waited)}" if waited >= _LONG_SECONDS else ""
    return Group(
        table, Text(f"  {working.label}{clock}", style="dim", no_wrap=True, overflow="ellipsis")
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
