"""The salt of a home reaches dbt's connections to DuckDB as a session variable.

dbt-duckdb loads this module as a plugin (`profiles.yml`). As a variable the salt is in no compiled
file, log or manifest; the macro `shop_salt` reads it, and `preflight` refuses a session without it.
"""

import os
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin


class Plugin(BasePlugin):
    """Sets the variable on every cursor, since a cursor does not inherit variables."""

    def configure_cursor(self, cursor: Any) -> None:
        """`cursor` is a DuckDB connection of its own."""
        if salt := os.environ.get("SHOP360_SALT"):
            cursor.execute(f"set variable shop360_salt = '{salt}'")
