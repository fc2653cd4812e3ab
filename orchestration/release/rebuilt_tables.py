"""Which kept tables the last build made from all rows, and why: `meta.rebuilt_tables`.

On a usual day there are none. dbt notes its builds in `intermediate.table_builds`, see `macros/builds.sql`.
"""

import duckdb

from orchestration.config.settings import Settings
from orchestration.engines.warehouse import connect

_WORDS = {
    "table meta.rebuilt_tables": "One row per table that usually follows the changes of a day and that the last run built from all rows.",
    "column meta.rebuilt_tables.table_name": "Name of the table.",
    "column meta.rebuilt_tables.reason": "Why all rows were computed.",
}


def save(settings: Settings, invocation: str) -> None:
    """Write the table from what one start of dbt noted; other engines than DuckDB compute all rows always."""
    if settings.target != "duckdb":
        return
    with connect(settings) as con:
        con.execute("create schema if not exists meta")
        con.execute(
            "create or replace table meta.rebuilt_tables (table_name varchar, reason varchar)"
        )
        for what, text in _WORDS.items():
            con.execute(f"comment on {what} is '{text}'")
        if _exists(con, "table_builds"):
            con.execute(
                """insert into meta.rebuilt_tables
                   select table_name, full_build_reason from intermediate.table_builds
                   where invocation = ? and full_build_reason is not null and inputs <> '{}'
                   order by all""",
                [invocation],
            )
        if _exists(con, "int_identity__run_scope"):
            con.execute(
                """insert into meta.rebuilt_tables
                   select distinct 'int_identity__customer_map', full_run_reason
                   from intermediate.int_identity__run_scope where is_full_run"""
            )


def _exists(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = con.execute(
        """select 1 from duckdb_tables() where database_name = current_database()
           and schema_name = 'intermediate' and table_name = ?""",
        [table],
    )
    return found.fetchone() is not None


def reasons(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """By reason the number of tables that the run of a release built from all rows."""
    if not con.execute(
        "select 1 from duckdb_tables() where schema_name = 'meta' and table_name = 'rebuilt_tables'"
    ).fetchone():
        return {}
    return dict(
        con.execute(
            "select reason, count(*) from meta.rebuilt_tables group by reason order by 2 desc, 1"
        ).fetchall()
    )
