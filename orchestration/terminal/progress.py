"""Progress of long work: steps call `report_progress`, the command line sets a listener.

Dagster's UI sets none, as its own log shows the steps; the command line draws bars.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """`done` of `total` units of `stage`, the latest of them described by `label`."""

    stage: str
    done: int
    total: int
    label: str


Listener = Callable[[Progress], None]
_listeners: list[Listener] = []


def report_progress(stage: str, done: int, total: int, label: str = "") -> None:
    """Call every listener; costs nothing where none is set."""
    for listener in _listeners:
        listener(Progress(stage, done, total, label))


@contextmanager
def listening(listener: Listener) -> Generator[None, None, None]:
    """Listen for the time of the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
