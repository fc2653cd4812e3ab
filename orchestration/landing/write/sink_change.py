"""Opens the sink of a home, and moves rows back from the lake; `lake_sink.py` moves them there."""

from collections.abc import Generator
from contextlib import contextmanager

import duckdb

from orchestration.config.settings import Settings
from orchestration.engines import lake
from orchestration.landing.write import tables
from orchestration.landing.write.lake_files import OWNER, LakeFiles
from orchestration.landing.write.lake_sink import LakeSink
from orchestration.landing.write.sinks import Sink, TableSink, transaction
from orchestration.system.landing_errors import LandingError


def open_sink(con: duckdb.DuckDBPyConnection, settings: Settings) -> Sink:
    """The sink that the settings ask for; rows that the home keeps elsewhere move with it."""
    if settings.target == "spark":
        sink: Sink = LakeSink(con, _open(con, settings), settings.home)
    else:
        sink = TableSink(con)
        if tables.views(con):
            _fetch(LakeFiles(con, _open(con, settings)))
    sink.prepare()
    return sink


def sweep(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Clear the lake of what a killed landing left; raises LandingError when a file is missing."""
    if tables.views(con):
        files = LakeFiles(con, _open(con, settings))
        with files.watched():
            files.sweep()


@contextmanager
def readable(con: duckdb.DuckDBPyConnection, settings: Settings) -> Generator[None]:
    """Views over the lake can be read within the block; what hinders it is said in plain words."""
    with LakeFiles(con, _open(con, settings)).watched():
        yield


def _open(con: duckdb.DuckDBPyConnection, settings: Settings) -> lake.Lake:
    try:
        opened = lake.open_lake(settings)
    except lake.LakeError as error:
        raise LandingError(str(error)) from None
    lake.attach(con, opened)
    return opened


def _fetch(files: LakeFiles) -> None:
    """Make every view over the lake a table of the warehouse again, then empty the lake."""
    con = files.con
    with files.watched():
        files.sweep()
        with transaction(con):
            for schema, table in tables.views(con):
                rows = files.relation(files.live(schema, table))
                con.execute(f"drop view {schema}.{table}")
                con.execute(f"create table {schema}.{table} as select * from {rows}")
            con.execute("delete from meta.lake_files")
        files.sweep()
        mark = f"{files.lake.root}/{OWNER}"
        if files.lake.files.exists(mark):
            files.lake.files.rm_file(mark)
