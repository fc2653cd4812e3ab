"""What dbt's connections to DuckDB need of a home: the salt as a session variable, and the limit of memory.

dbt-duckdb loads this module as a plugin (`profiles.yml`). As a variable the salt is in no compiled
file, log or manifest; the macro `shop_salt` reads it, and `preflight` refuses a session without it. In the profile the
limit would make dbt read the project again whenever it changes.
"""

import os
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from orchestration.config import memory


class Plugin(BasePlugin):
    """Sets the limit once, and the variable on every cursor, since a cursor does not inherit variables."""

    def configure_connection(self, conn: Any) -> None:
        """`conn` is the connection that opens the warehouse."""
        conn.execute(f"set memory_limit = '{memory.limit()}'")

    def configure_cursor(self, cursor: Any) -> None:
        """`cursor` is a DuckDB connection of its own."""
        if salt := os.environ.get("SHOP360_SALT"):
            cursor.execute(f"set variable shop360_salt = '{salt}'")
