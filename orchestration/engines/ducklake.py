"""DuckLake: what the target needs on this machine, and how the pipeline's own DuckDB reaches the lake.

The catalog is a PostgreSQL database that the operator names, the data a folder of the lake. dbt
attaches the same lake by `profiles.yml`; models know nothing of all this.
"""

import os
from pathlib import Path

import duckdb

from orchestration.config.settings import Settings
from orchestration.engines.extensions import ExtensionMissing, extension_file
from orchestration.system.errors import OperatorError
from orchestration.system.sql import quoted

ALIAS = "lake"
_EXTENSIONS = ("ducklake", "postgres_scanner")
_EXAMPLE = "postgres:host=127.0.0.1 port=5432 dbname=lake user=shop360"


class DuckLakeMissing(OperatorError):
    """An extension or a setting that DuckLake needs is not there."""

    exit_code = 2


class DuckLakeFailed(OperatorError):
    """The lake does not open."""


def require(settings: Settings) -> None:
    """Raise DuckLakeMissing, with the way out, when this machine cannot reach any lake."""
    extension_files()
    _catalog()
    if "://" in settings.lake_place:
        raise DuckLakeMissing(
            f"SHOP360_LAKE={settings.lake_place}: DuckLake needs a folder that every writer sees "
            "under the same path."
        )


def prepare(settings: Settings) -> None:
    """Install the extensions into the home, from the wheels, and open the lake once.

    Raises DuckLakeMissing or DuckLakeFailed.
    """
    with duckdb.connect() as con:
        con.execute(f"set extension_directory = {quoted(str(settings.extensions))}")
        for file in extension_files().values():
            con.execute(f"install {quoted(str(file))}")
    Path(data_path(settings)).mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        attach(con, settings)


def attach(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make the lake a database of this connection, named `lake`; raises DuckLakeFailed."""
    con.execute(f"set extension_directory = {quoted(str(settings.extensions))}")
    catalog = _catalog()
    try:
        con.execute(
            f"attach if not exists {quoted('ducklake:' + catalog)} as {ALIAS} "
            f"(data_path {quoted(data_path(settings))})"
        )
    except duckdb.Error as error:
        raise DuckLakeFailed(
            f"The lake of SHOP360_DUCKLAKE does not open: {str(error).strip()}\n"
            "Is PostgreSQL running, does the database exist, and may this user create tables in it?"
        ) from None


def data_path(settings: Settings) -> str:
    """The folder of the tables' files; the catalog remembers it from the first attach on."""
    return f"{settings.lake_place}/ducklake/"


def _catalog() -> str:
    catalog = os.environ.get("SHOP360_DUCKLAKE", "")
    if not catalog.startswith("postgres:"):
        raise DuckLakeMissing(
            "--target ducklake needs the PostgreSQL database of its catalog. Set SHOP360_DUCKLAKE, "
            f'such as "{_EXAMPLE}"; see docs/ducklake.md.'
        )
    return catalog


def extension_files() -> dict[str, Path]:
    """The extension files of the installed wheels, by name; raises DuckLakeMissing."""
    try:
        return {name: extension_file(name, "--target ducklake", "ducklake") for name in _EXTENSIONS}
    except ExtensionMissing as error:
        raise DuckLakeMissing(str(error)) from None
