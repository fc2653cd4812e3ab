"""Copies append-only tables, which a build cannot recompute.

A home that changes its engine takes them to the other one, and a rebuild takes them from the copy in
`<private>/kept/` that every green build leaves.

Customer ids are given once and kept, so the table that gave them must not start again on the other
engine. The longer history is the later one, since a table that only grows has one writer at a time.
DuckLake's history is copied to the warehouse after each build, so the ways from there are DuckDB's own.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.config.settings import Settings
from orchestration.engines.warehouse import connect
from orchestration.system.sql import quoted


@dataclass(frozen=True)
class AppendOnlyTable:
    """An append-only model: its layer and name."""

    layer: str
    name: str

    def file(self, settings: Settings) -> Path:
        """The copy from which a rebuild takes it."""
        return settings.kept / f"{self.layer}.{self.name}.parquet"

    def kept(self, settings: Settings) -> str:
        """Where the lake keeps what Spark's table held after its last green build."""
        return f"{settings.lake_place}/kept/{self.layer}/{self.name}"


def append_only_tables(settings: Settings) -> list[AppendOnlyTable]:
    """Every incremental model of the project."""
    nodes = json.loads((settings.dbt_target / "manifest.json").read_text())["nodes"].values()
    return [
        AppendOnlyTable(node["config"]["schema"], node["name"])
        for node in nodes
        if node["resource_type"] == "model" and node["config"]["materialized"] == "incremental"
    ]


def before_build(settings: Settings) -> None:
    """Give the engine the longer history, if the other one has it."""
    for table in append_only_tables(settings):
        _from_kept(settings, table)
        if settings.target == "spark":
            _to_spark(settings, table)
        else:
            _to_warehouse(settings, table)
        if settings.target == "ducklake":
            _to_ducklake(settings, table)


def after_build(settings: Settings) -> None:
    """Keep a copy where the way back depends on no server: Spark's in the lake, DuckLake's here."""
    if settings.target == "ducklake":
        _from_ducklake(settings)
    if settings.target != "spark":
        # A rebuild is not the home's own until it is checked.
        if not settings.is_rebuilding:
            keep(settings)
        return
    from orchestration.engines.spark.tables import connected, schema_of, write

    with connected(settings) as spark:
        for table in append_only_tables(settings):
            write(spark, f"{schema_of(table.layer)}.{table.name}", table.kept(settings))


def keep(settings: Settings, *, only_longer: bool = False) -> None:
    """Copy the tables to `<private>/kept/`, each whole or not at all.

    `only_longer` is for a warehouse that may be older than the copies.
    """
    with connect(settings) as con:
        for table in append_only_tables(settings):
            path = table.file(settings)
            held, kept = _count(con, table) or 0, _count_kept(con, path) or 0
            # A table that only grows and has as many rows as its copy is its copy.
            if held and held != kept and not (only_longer and held < kept):
                path.parent.mkdir(parents=True, exist_ok=True)
                draft = path.with_suffix(".tmp")
                con.execute(
                    f"copy {table.layer}.{table.name} to {quoted(str(draft))} (format parquet, compression zstd)"
                )
                with draft.open("rb") as handle:
                    os.fsync(handle.fileno())
                draft.replace(path)


def _from_kept(settings: Settings, table: AppendOnlyTable) -> None:
    """Give the warehouse the copy where it has less, as after a rebuild or from an older backup."""
    path = table.file(settings)
    if not path.exists():
        return
    with connect(settings) as con:
        if (_count_kept(con, path) or 0) > (_count(con, table) or 0):
            con.execute(f"create schema if not exists {table.layer}")
            con.execute(
                f"create or replace table {table.layer}.{table.name} as select * from read_parquet(?)",
                [str(path)],
            )


def _count_kept(con: duckdb.DuckDBPyConnection, path: Path) -> int | None:
    """Rows of the copy, or None if it is missing or unreadable."""
    try:
        row = con.execute("select count(*) from read_parquet(?)", [str(path)]).fetchone()
    except duckdb.Error:
        return None
    return row[0] if row else None


def _to_spark(settings: Settings, table: AppendOnlyTable) -> None:
    from orchestration.engines.spark.tables import connected, count_rows, read, schema_of

    with connect(settings) as con:
        there = _count(con, table)
        if not there:
            return
        with connected(settings) as spark:
            name = f"{schema_of(table.layer)}.{table.name}"
            if (count_rows(spark, name) or 0) >= there:
                return
            folder = f"{settings.lake_place}/carried/{table.layer}/{table.name}"
            _write(con, table, folder)
            read(spark, name, folder)


def _to_ducklake(settings: Settings, table: AppendOnlyTable) -> None:
    from orchestration.engines import ducklake

    with connect(settings) as con:
        ducklake.attach(con, settings)
        there = AppendOnlyTable(f"{ducklake.ALIAS}.{table.layer}", table.name)
        if (_count(con, table) or 0) > (_count(con, there) or 0):
            con.execute(f"create schema if not exists {there.layer}")
            _replace(con, table, there)


def _from_ducklake(settings: Settings) -> None:
    from orchestration.engines import ducklake

    with connect(settings) as con:
        ducklake.attach(con, settings)
        for table in append_only_tables(settings):
            con.execute(f"create schema if not exists {table.layer}")
            _replace(con, AppendOnlyTable(f"{ducklake.ALIAS}.{table.layer}", table.name), table)


def _replace(
    con: duckdb.DuckDBPyConnection, given: AppendOnlyTable, taker: AppendOnlyTable
) -> None:
    con.execute(
        f"create or replace table {taker.layer}.{taker.name} as "
        f"select * from {given.layer}.{given.name}"
    )


def _to_warehouse(settings: Settings, table: AppendOnlyTable) -> None:
    with connect(settings) as con:
        files = f"{table.kept(settings)}/*.parquet"
        found = con.execute("select count(*) from glob(?)", [files]).fetchone()
        if not found or not found[0]:
            return
        kept = con.execute("select count(*) from read_parquet(?)", [files]).fetchone()
        if kept and kept[0] > (_count(con, table) or 0):
            con.execute(f"create schema if not exists {table.layer}")
            con.execute(
                f"create or replace table {table.layer}.{table.name} as "
                "select * from read_parquet(?)",
                [files],
            )


def _count(con: duckdb.DuckDBPyConnection, table: AppendOnlyTable) -> int | None:
    """Rows of the warehouse's table, None where there is no such table."""
    try:
        row = con.execute(f"select count(*) from {table.layer}.{table.name}").fetchone()
    except duckdb.CatalogException:
        return None
    return row[0] if row else None


def _write(con: duckdb.DuckDBPyConnection, table: AppendOnlyTable, folder: str) -> None:
    if "://" not in folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    con.execute(
        f"copy {table.layer}.{table.name} to '{folder}/part-0.parquet' (format parquet, compression zstd)"
    )
