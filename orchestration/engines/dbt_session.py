"""What dbt's connections to DuckDB need: the salt of the home, the limit of memory, and the SQL functions.

dbt-duckdb loads this module as a plugin (`profiles.yml`). As a variable the salt is in no compiled
file, log or manifest; the macro `shop_salt` reads it, and `preflight` refuses a session without it. In the profile the
limit would make dbt read the project again whenever it changes.
"""

import os
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from orchestration.config import memory
from orchestration.engines.sql_functions import FUNCTIONS


def register_functions(con: Any) -> None:
    """Make the functions of the models known to a database; all its connections share them."""
    for function in FUNCTIONS:
        con.create_function(
            function.name,
            function.call,
            list(function.takes),
            function.gives,
            type="arrow",
            null_handling="special" if function.may_give_null else "default",
        )


class Plugin(BasePlugin):
    """Sets the limit and the functions once, and the variable on every cursor, since a cursor does not inherit variables."""

    def configure_connection(self, conn: Any) -> None:
        """`conn` is the connection that opens the warehouse."""
        conn.execute(f"set memory_limit = '{memory.limit()}'")
        register_functions(conn)

    def configure_cursor(self, cursor: Any) -> None:
        """`cursor` is a DuckDB connection of its own."""
        if salt := os.environ.get("SHOP360_SALT"):
            cursor.execute(f"set variable shop360_salt = '{salt}'")
