"""The table functions of the released file that answer what held on a past day."""

import re
from pathlib import Path

import duckdb

from orchestration.system.sql import ident

_SQL = Path(__file__).with_name("as_of.sql")


def create_functions(con: duckdb.DuckDBPyConnection, database: str) -> None:
    """Create the functions in an attached file, each of them if the file has the tables that it reads."""
    row = con.execute("select current_database()").fetchone()
    assert row is not None
    found = con.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = ?",
        [database],
    ).fetchall()
    tables = {name for (name,) in found}
    con.execute(f"use {ident(database)}")
    try:
        for statement in _SQL.read_text(encoding="utf-8").split(";"):
            read = set(re.findall(r"(?:from|join) ((?:marts|meta)\.\w+)", statement))
            if read and read <= tables:
                con.execute(statement)
    finally:
        con.execute(f"use {ident(row[0])}")
