"""The lake: the folder or bucket of typed Parquet that Spark reads, and how to reach it.

Which of its files count is written down in the warehouse, see `landing/write/lake_files.py`.
"""

from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.config.settings import Settings
from orchestration.system.errors import OperatorError


class LakeError(OperatorError):
    """The lake cannot be reached as it is configured."""

    exit_code = 2


@dataclass(frozen=True)
class Lake:
    """`place` is what DuckDB and Spark are told, `root` the same place in the words of `files`."""

    place: str
    root: str
    files: Any
    """A fsspec file system."""

    @property
    def is_local(self) -> bool:
        """Whether it is a folder, which DuckDB reads and writes by itself."""
        return "://" not in self.place


def open_lake(settings: Settings) -> Lake:
    """The lake of these settings. Raises LakeError when its kind of URL cannot be handled."""
    # Takes a while to import, and most homes have no lake.
    import fsspec.core

    place = settings.lake_place
    if any(sign in place for sign in "*?["):
        raise LakeError(f"SHOP360_LAKE={place}: choose a path without * ? and [")
    try:
        files, root = fsspec.core.url_to_fs(place)
    except ImportError as error:
        raise LakeError(f"SHOP360_LAKE={place}: one more package is needed. {error}.") from None
    except ValueError as error:
        raise LakeError(
            f"SHOP360_LAKE={place}: {error}. Expected a folder, or a URL such as s3://bucket/prefix."
        ) from None
    return Lake(place, root.rstrip("/"), files)


def register(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Let a connection read a lake behind a URL; a folder needs nothing."""
    if "://" in settings.lake_place:
        attach(con, open_lake(settings))


def attach(con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """The same for a lake that is open already."""
    names = lake.files.protocol
    known = names if isinstance(names, str) else names[0]
    if not lake.is_local and known not in con.list_filesystems():
        con.register_filesystem(lake.files)
