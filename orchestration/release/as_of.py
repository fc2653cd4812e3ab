"""The table functions of the released file that answer what held on a past day."""

from pathlib import Path

import duckdb

_SQL = Path(__file__).with_name("as_of.sql")


def create_functions(con: duckdb.DuckDBPyConnection, database: str) -> None:
    """Create the functions in an attached file that has the marts; they find their tables when they are called."""
    text = _SQL.read_text(encoding="utf-8")
    con.execute(text.replace("replace macro marts.", f"replace macro {database}.marts."))
