"""Dagster's log of events in SQLite, with connections that stay open.

Dagster opens a file for each event and each question, and closing the last connection of a file
writes its journal back: together a tenth of a small run. Here a process keeps two files open: the
index of all runs, and the run that it wrote or read last.
"""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Self

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import StaticPool

_INDEX = "index"
_BUSY_SECONDS = 30


class EventLog(SqliteEventLogStorage):
    """Dagster's own storage, but for the life of its connections."""

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """Make the storage that dagster.yaml asks for; Dagster's own would be of its own class."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Generator[Connection]:
        if shard not in self._initialized_dbs:
            # Dagster's own way makes the file and its tables.
            with super()._connect(shard):
                pass
        with self._db_lock, self._engine(shard).connect() as connection, connection.begin():
            yield connection

    def _engine(self, shard: str) -> Engine:
        """The file's one connection, which `_db_lock` hands out; closes that of another run."""
        if shard not in self._engines:
            for other in set(self._engines) - {_INDEX}:
                if shard != _INDEX:
                    self._engines.pop(other).dispose()
            self._engines[shard] = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
            )
            event.listen(self._engines[shard], "connect", _relax)
        return self._engines[shard]

    @property
    def _engines(self) -> dict[str, Engine]:
        return self.__dict__.setdefault("_open_engines", {})

    def wipe(self) -> None:
        """Remove all events."""
        self._close()
        super().wipe()

    def dispose(self) -> None:
        """Close the files."""
        self._close()
        super().dispose()

    def _close(self) -> None:
        while self._engines:
            self._engines.popitem()[1].dispose()


def _relax(connection: sqlite3.Connection, _record: object) -> None:
    """Wait for the disk at checkpoints only; a loss of power may cost events, and never a file."""
    connection.execute("pragma synchronous = normal")
