"""How long work tells where it is: steps call `tell`, whoever watches sets a listener.

Under Dagster's UI nobody listens and Dagster's own log shows the steps; the CLI draws bars.
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


def tell(stage: str, done: int, total: int, label: str = "") -> None:
    """Tell every listener; costs nothing when nobody listens."""
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
