"""Processes that a home starts: each ends with its parent, and one that did not is ended by the next run.

A child watches its parent (`end_with_parent`) and leaves a note in `<private>/children/` while it works.
The process that takes the writer lock reads the notes (`end_orphans`). A process is known by its id and its start
time, since ids are used again; where the system does not tell start times, no process is ever ended.
"""

import contextlib
import json
import os
import select
import signal
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

PARENT = "SHOP360_PARENT"
"""Variable by which a child knows whose child it is: process id and start time."""

_POLL_SECONDS = 0.2
# A killed process frees its locks a moment before the system calls it dead.
_GRACE_SECONDS = 0.3
_END_SECONDS = 10


@dataclass(frozen=True)
class Process:
    """A process of this machine; `started` is in clock ticks since the machine started, '' if unknown."""

    pid: int
    started: str

    @property
    def started_at(self) -> float | None:
        """Seconds since 1970, to about a second, or None where the system does not tell."""
        with contextlib.suppress(OSError, ValueError, StopIteration):
            lines = Path("/proc/stat").read_text().splitlines()
            booted = next(line for line in lines if line.startswith("btime "))
            return int(booted.split()[1]) + int(self.started) / os.sysconf("SC_CLK_TCK")
        return None

    @property
    def is_alive(self) -> bool:
        """Whether this very process still runs; one that ended and is not yet reaped does not."""
        if not self.started:
            return _exists(self.pid)
        state = _state(self.pid)
        return state is not None and state[0] not in "ZX" and state[1] == self.started

    def __str__(self) -> str:
        return f"{self.pid}:{self.started}"


def process_of(pid: int) -> Process:
    """The process that has this id now."""
    state = _state(pid)
    return Process(pid, state[1] if state else "")


def parse(text: str) -> Process | None:
    """The process of a text such as `4711:123456`, or None."""
    pid, _, started = text.partition(":")
    return Process(int(pid), started) if pid.isdigit() else None


def export() -> None:
    """Tell the children of this process whose they are."""
    os.environ[PARENT] = str(process_of(os.getpid()))


def end_with_parent() -> None:
    """End this process as soon as the parent that PARENT names is gone, even if it was killed.

    Without that variable, such as in a shell, nothing happens.
    """
    parent = parse(os.environ.get(PARENT, ""))
    if parent is None or parent.pid == os.getpid():
        return
    # The descriptor is opened first: from then on the id cannot mean another process unnoticed.
    descriptor = _descriptor_of(parent.pid)
    if not parent.is_alive:
        os._exit(1)
    threading.Thread(target=_watch, args=(parent, descriptor), daemon=True).start()


def _watch(parent: Process, descriptor: int | None) -> None:
    if descriptor is None:
        while parent.is_alive:
            time.sleep(_POLL_SECONDS)
    else:
        watched = select.poll()
        watched.register(descriptor, select.POLLIN)
        while not watched.poll():
            pass
    os.kill(os.getpid(), signal.SIGKILL)


def _descriptor_of(pid: int) -> int | None:
    """A descriptor that is readable once the process has ended, on Linux."""
    if not hasattr(os, "pidfd_open"):
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None


@contextlib.contextmanager
def noted(private: Path | None, what: str) -> Generator[None]:
    """Leave a note of this process for the time of the block."""
    parent = parse(os.environ.get(PARENT, ""))
    if private is None or parent is None or not private.is_dir():
        yield
        return
    note = private / "children" / f"{os.getpid()}.json"
    content = {"process": str(process_of(os.getpid())), "parent": str(parent), "what": what}
    with contextlib.suppress(OSError):
        note.parent.mkdir(exist_ok=True)
        draft = note.with_suffix(".tmp")
        draft.write_text(json.dumps(content))
        draft.replace(note)
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def end_orphans(private: Path) -> list[str]:
    """End every noted process whose parent is gone, and wait until it has ended; a line for each.

    Notes of processes that have ended are removed.
    """
    ended = []
    for note in sorted(private.glob("children/*.json")):
        try:
            content = json.loads(note.read_text())
            child, parent = parse(str(content["process"])), parse(str(content["parent"]))
            what = str(content["what"])
        except (OSError, ValueError, KeyError, TypeError):
            child = parent = None
            what = ""
        if child and child.is_alive and child.started and child.pid != os.getpid():
            if parent is None or not _ends_within(parent, _GRACE_SECONDS):
                continue
            _end(child)
            ended.append(f"Ended {what} (process {child.pid}), which a killed run had left behind.")
        note.unlink(missing_ok=True)
    return ended


def _end(child: Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(child.pid, signal.SIGKILL)
    _ends_within(child, _END_SECONDS)


def _ends_within(process: Process, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while process.is_alive and time.monotonic() < deadline:
        time.sleep(0.02)
    return not process.is_alive


def _state(pid: int) -> tuple[str, str] | None:
    """State letter and start time of a process, or None if it has ended or the system has no /proc."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    # The name, in brackets, may hold anything.
    fields = text.rpartition(")")[2].split()
    return fields[0], fields[19]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
