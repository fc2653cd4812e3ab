"""The table functions of the released file that answer what held on a past day."""

from pathlib import Path

import duckdb

from orchestration.system.sql import ident

_SQL = Path(__file__).with_name("as_of.sql")


def create_functions(con: duckdb.DuckDBPyConnection, database: str) -> None:
    """Create the functions in an attached file that has the marts. DuckDB checks that the tables are there."""
    row = con.execute("select current_database()").fetchone()
    assert row is not None
    con.execute(f"use {ident(database)}")
    try:
        con.execute(_SQL.read_text(encoding="utf-8"))
    finally:
        con.execute(f"use {ident(row[0])}")
