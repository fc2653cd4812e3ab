"""The private warehouse file: how it is opened, and the lock that keeps it to one writer.

DuckDB admits one writing process; the lock makes a second run wait its turn or stop with a
clear word, and ends with its holder, so that a killed run does not block later ones.
"""

import fcntl
import json
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime

import duckdb

from orchestration.config import memory
from orchestration.config.settings import Settings
from orchestration.engines import lake
from orchestration.system import faults, processes
from orchestration.system.errors import OperatorError


class WarehouseBusy(OperatorError):
    """Another process is writing to this home."""


class WarehouseMissing(OperatorError):
    """There is no warehouse, but an archive from which it can be rebuilt."""


def require(settings: Settings) -> None:
    """Raise WarehouseMissing where files have landed, but the warehouse that held them is gone."""
    if settings.is_rebuilding or settings.warehouse.exists():
        return
    if any(path.is_file() for path in settings.archive.glob("*/*")):
        raise WarehouseMissing(
            f"{settings.warehouse} is missing, but files have landed in this home before. "
            "Type `shop360 rebuild` to make it again from the archive, or put it back from a backup."
        )


def connect(settings: Settings, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the warehouse with the settings that every writer shares; close it soon.

    Raises LakeError when raw lives in a lake that cannot be reached as it is configured, and
    WarehouseMissing when the file was lost, WarehouseUnusable, with what to do, when it is open
    elsewhere or damaged.
    """
    require(settings)
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with faults.opening(settings.warehouse):
        con = duckdb.connect(str(settings.warehouse), read_only=read_only)
    con.execute("set TimeZone = 'UTC'; set threads = 2; set preserve_insertion_order = false")
    con.execute(f"set memory_limit = '{memory.limit()}'")
    if settings.target == "spark":
        lake.register(con, settings)
    return con


def check(settings: Settings) -> None:
    """Raise what hinders writing to the warehouse, before the first stage of a command begins.

    Raises what `writer` and `connect` raise.
    """
    require(settings)
    with writer(settings, "checking the warehouse"):
        if settings.warehouse.exists():
            connect(settings).close()


def _holder(settings: Settings) -> str:
    try:
        note = json.loads(settings.lock.read_text())
        return f"process {note['pid']}, {note['what']} since {note['since']} UTC"
    except (OSError, ValueError, KeyError):
        return "another process"


def is_being_written(settings: Settings) -> bool:
    """Whether another process holds the home's lock; takes nothing that a starting run would miss."""
    try:
        pid = json.loads(settings.lock.read_text())["pid"]
        os.kill(pid, 0)
    except PermissionError:
        pass
    except (OSError, ValueError, KeyError, TypeError):
        return False
    # The note of a killed process may name one that has its number now: only then is the lock asked.
    with settings.lock.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


_held: dict[str, int] = {}


@contextmanager
def writer(
    settings: Settings, what: str, *, wait_seconds: float = 0
) -> Generator[None, None, None]:
    """Be the only writer of this home for the time of the block; re-entrant within a process.

    Raises WarehouseBusy, naming the holder, when the lock is still taken after `wait_seconds`.
    """
    path = str(settings.lock)
    if _held.get(path):
        _held[path] += 1
        try:
            with _plain_errors():
                yield
        finally:
            _held[path] -= 1
        return
    settings.private.mkdir(parents=True, exist_ok=True)
    with settings.lock.open("a+") as handle:
        _acquire(settings, handle.fileno(), wait_seconds)
        handle.truncate(0)
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        handle.write(json.dumps({"pid": os.getpid(), "what": what, "since": now}))
        handle.flush()
        _held[path] = 1
        try:
            with _plain_errors():
                end_orphans(settings)
                yield
        finally:
            del _held[path]
            handle.truncate(0)


@contextmanager
def _plain_errors() -> Generator[None, None, None]:
    """Errors of libraries quote values of the data; Dagster would store them and the terminal show them."""
    try:
        yield
    except Exception as error:
        # Landing itself imports this module.
        from orchestration.system.masking import safe

        plain_error = safe(error)
        if plain_error is error:
            raise
        raise plain_error from None


def end_orphans(settings: Settings) -> None:
    """End what a killed run left behind in this home, and say so."""
    if ended := processes.end_orphans(settings.private):
        from orchestration.terminal.console import errors

        for line in ended:
            errors.print(line, soft_wrap=True)


def _acquire(settings: Settings, descriptor: int, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise WarehouseBusy(
                    f"{settings.home} is being written to by {_holder(settings)}. "
                    "Wait for it to end, or use another --home."
                ) from None
            time.sleep(0.5)
