"""What the release holds: which tables, from which engine, and the words that describe them.

Marts and the tables of the schema meta are public, save those that quote source rows or steer the
pipeline. How a release is written and put in place is in `generations.py`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from orchestration.config.settings import Settings
from orchestration.release.build_facts import TABLES as GATE_TABLES
from orchestration.system.sql import quoted

# Three hold source rows and values, the others steer the pipeline.
_PRIVATE = ("quarantine", "repairs", "failing_rows", "lake_files", *GATE_TABLES)
_LAYERS = ["marts", "meta"]


@dataclass(frozen=True)
class PublicTable:
    """A table of the release: its query in the warehouse, and comments by column; None is the table's own."""

    schema: str
    name: str
    query: str
    comments: dict[str | None, str]


def public_tables(settings: Settings, con: duckdb.DuckDBPyConnection) -> Iterator[PublicTable]:
    """Every public table of this home, sorted as its model states (`meta.sorted_by`).

    Sorted rows let a reader of few rows skip most of the file: one customer, one month.
    """
    keys = _sort_keys(settings)
    for table in _tables(settings, con):
        key = keys.get(f"{table.schema}.{table.name}")
        yield replace(table, query=f"{table.query} order by {', '.join(key)}") if key else table


def _tables(settings: Settings, con: duckdb.DuckDBPyConnection) -> Iterator[PublicTable]:
    """The pipeline's own tables from DuckDB, the models' from the engine."""
    if settings.target == "spark":
        yield from _from_spark(settings, con)
    elif settings.target == "ducklake":
        yield from _from_ducklake(settings, con)
    else:
        yield from _from_warehouse(con, {})


def _from_warehouse(
    con: duckdb.DuckDBPyConnection, elsewhere: dict[str, dict[str | None, str]]
) -> Iterator[PublicTable]:
    rows = con.execute(
        """select schema_name, table_name from duckdb_tables()
           where schema_name in ('marts', 'meta') and database_name = current_database()
           order by all"""
    ).fetchall()
    for schema, name in rows:
        private = schema == "meta" and name in _PRIVATE
        if not private and f"{schema}.{name}" not in elsewhere:
            query = f'select * from "{schema}"."{name}"'
            yield PublicTable(schema, name, query, comments_of(con, schema, name))


def _from_spark(settings: Settings, con: duckdb.DuckDBPyConnection) -> Iterator[PublicTable]:
    from orchestration.engines.spark.tables import export

    described = _described(settings)
    for (schema, name), folder in sorted(export(settings, _LAYERS).items()):
        # The engine may still hold marts that the project no longer has.
        if f"{schema}.{name}" in described:
            query = f"select * from read_parquet({quoted(folder + '/*.parquet')})"
            yield PublicTable(schema, name, query, described[f"{schema}.{name}"])
    # What DuckDB built in this home before it moved to Spark is no longer true.
    yield from _from_warehouse(con, described)


def _from_ducklake(settings: Settings, con: duckdb.DuckDBPyConnection) -> Iterator[PublicTable]:
    from orchestration.engines.ducklake import ALIAS, attach

    attach(con, settings)
    described = _described(settings)
    rows = con.execute(
        """select schema_name, table_name from duckdb_tables()
           where schema_name in ('marts', 'meta') and database_name = ? order by all""",
        [ALIAS],
    ).fetchall()
    for schema, name in rows:
        # Other writers of the lake may have tables here that are not ours to release.
        if f"{schema}.{name}" in described:
            query = f'select * from {ALIAS}."{schema}"."{name}"'
            yield PublicTable(schema, name, query, described[f"{schema}.{name}"])
    # What DuckDB built in this home before it moved to the lake is no longer true.
    yield from _from_warehouse(con, described)


def _sort_keys(settings: Settings) -> dict[str, list[str]]:
    """Columns by which tables are sorted, by layer and name."""
    return {
        f"{node['config']['schema']}.{node['name']}": node["config"]["meta"]["sorted_by"]
        for node in _manifest(settings)["nodes"].values()
        if node["resource_type"] == "model" and "sorted_by" in node["config"].get("meta", {})
    }


def _manifest(settings: Settings) -> dict[str, Any]:
    path = settings.dbt_target / "manifest.json"
    return json.loads(path.read_text()) if path.exists() else {"nodes": {}}


def _described(settings: Settings) -> dict[str, dict[str | None, str]]:
    """The descriptions of every model and seed, by layer and name."""
    manifest = _manifest(settings)
    return {
        f"{node['config']['schema']}.{node['name']}": {
            None: node["description"],
            **{column["name"]: column["description"] for column in node["columns"].values()},
        }
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed") and node["config"].get("schema")
    }


def comments_of(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> dict[str | None, str]:
    """The comments that a table of the warehouse carries."""
    rows = con.execute(
        """select null, comment from duckdb_tables()
           where schema_name = $1 and table_name = $2 and database_name = current_database()
           union all
           select column_name, comment from duckdb_columns()
           where schema_name = $1 and table_name = $2 and database_name = current_database()""",
        [schema, table],
    ).fetchall()
    return {column: comment for column, comment in rows if comment}
