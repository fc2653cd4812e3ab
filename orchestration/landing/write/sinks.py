"""Where landed rows go: the interface that landing writes to, and its sink of plain tables.

What changes is decided in `upsert.py` and arrives here as queries. The other sink, a lake of Parquet
files, is `lake_sink.py`; a home that changes from one to the other is moved by `sink_change.py`.
"""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Protocol

import duckdb

from orchestration.landing.write import tables


@dataclass(frozen=True)
class Change:
    """What one file does to a feed: queries over the stage and over raw as it is before."""

    table: str
    columns: str
    """The columns of the contract and of lineage, in the order of every query below."""
    batch: str
    rows: str
    """The versions that become current."""
    old: tuple[str, ...] = ()
    """The versions that they replace, with the columns of history."""
    gone: str = "false"
    """Which rows of raw are replaced, as a condition; NULL means no."""


class Sink(Protocol):
    """One landing's hold on raw and history. Nothing that it writes counts before the commit."""

    def prepare(self) -> None:
        """Make what is missing: schemas, meta tables, and raw and history of every feed."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Commit at the end of the block; nothing of it happened when it raises."""
        ...

    def watched(self) -> AbstractContextManager[None]:
        """Tell trouble of the sink from trouble of the file that is read."""
        ...

    def apply(self, change: Change) -> None:
        """Write one file's rows, within a transaction."""
        ...

    def tidy(self) -> None:
        """Clear away what no longer counts, at the end of a landing."""
        ...


class TableSink:
    """raw and history as tables of the warehouse."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def prepare(self) -> None:
        """Tables for every feed, with the columns that the contract gained since."""
        tables.prepare(self.con)

    @contextmanager
    def transaction(self) -> Generator[None]:
        """DuckDB's own."""
        with transaction(self.con):
            yield

    def watched(self) -> AbstractContextManager[None]:
        """Nothing but the file can fail."""
        return nullcontext()

    def apply(self, change: Change) -> None:
        """Move what is replaced to history, then insert."""
        history = (
            f"insert into history.{change.table} ({change.columns}, {', '.join(tables.HISTORY)})"
        )
        for query in change.old:
            self.con.execute(f"{history} {query}")
        if change.old:
            self.con.execute(f"delete from raw.{change.table} where {change.gone}")
        self.con.execute(f"insert into raw.{change.table} ({change.columns}) {change.rows}")

    def tidy(self) -> None:
        """Tables leave nothing behind."""


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Generator[None]:
    """Commit at the end of the block, roll back when it raises."""
    con.begin()
    try:
        yield
        con.commit()
    except BaseException:
        # A failed commit has ended the transaction already, and its cause must be what is raised.
        with suppress(duckdb.Error):
            con.rollback()
        raise
