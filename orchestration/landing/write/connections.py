"""The connections of one landing: the warehouse to write, and a stage in memory to work in.

A dry run gets a throw-away warehouse in memory, filled with the tables it will compare to; the real
file is only read.
"""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.config import memory
from orchestration.config.contract import load_contract
from orchestration.config.settings import Settings
from orchestration.engines.warehouse import require
from orchestration.landing.check.staging import MEMORY
from orchestration.landing.write import sink_change, tables
from orchestration.landing.write.sinks import Sink, TableSink
from orchestration.system import faults
from orchestration.system.sql import quoted

_LEFTOVER = "landing-"


@dataclass(frozen=True)
class Warehouse:
    """`writer` holds the transactions, `stage` fills the in-memory schema of that name; `folder` is scratch.

    `sink` takes the rows of raw and history.
    """

    writer: duckdb.DuckDBPyConnection
    stage: duckdb.DuckDBPyConnection
    folder: Path
    sink: Sink


@contextmanager
def opened(settings: Settings, feeds: set[str], dry_run: bool) -> Generator[Warehouse]:
    """The warehouse with its tables prepared; closed at the end, the scratch folder removed."""
    folder = _scratch(settings, dry_run)
    try:
        require(settings)
        con = _throw_away(settings, feeds) if dry_run else _connect(settings.warehouse)
        try:
            con.execute(f"set temp_directory = {quoted(str(folder / 'spill'))}")
            con.execute(f"set memory_limit = '{memory.limit(MEMORY)}'")
            con.execute("set preserve_insertion_order = true")
            con.execute("set wal_autocheckpoint = '1GB'")
            con.execute("set global TimeZone = 'UTC'")
            con.execute("attach ':memory:' as stage")
            sink = TableSink(con) if dry_run else sink_change.open_sink(con, settings)
            stage = con.cursor()
            yield Warehouse(con, stage, folder, sink)
            stage.close()
            sink.tidy()
        finally:
            con.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _scratch(settings: Settings, dry_run: bool) -> Path:
    """A folder for working copies; those that a killed landing left behind are cleared."""
    if dry_run:
        return Path(tempfile.mkdtemp(prefix="shop360-dry-run-"))
    settings.private.mkdir(parents=True, exist_ok=True)
    for leftover in settings.private.glob(f"{_LEFTOVER}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=_LEFTOVER, dir=settings.private))


def _connect(path: Path | str, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    with faults.opening(Path(path)):
        return duckdb.connect(str(path), read_only=read_only)


def _throw_away(settings: Settings, feeds: set[str]) -> duckdb.DuckDBPyConnection:
    con = _connect(":memory:")
    tables.prepare(con)
    if not settings.warehouse.exists():
        return con
    try:
        with faults.opening(settings.warehouse):
            con.execute(f"attach {quoted(str(settings.warehouse))} as real (read_only)")
    except faults.MachineFault:
        con.close()
        raise
    listed = "select schema_name, {0}_name from duckdb_{0}s() where database_name = 'real'"
    tables_there, views_there = (
        {f"{schema}.{name}" for schema, name in con.execute(listed.format(kind)).fetchall()}
        for kind in ("table", "view")
    )
    contract = load_contract()
    names = ["meta.files", *(f"raw.{contract[feed].table}" for feed in sorted(feeds))]
    with sink_change.readable(con, settings) if views_there.intersection(names) else nullcontext():
        for name in names:
            if name in tables_there | views_there:
                con.execute(f"insert into {name} by name select * from real.{name}")
    con.execute("detach real")
    return con
