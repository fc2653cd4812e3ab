"""Whole tables from Spark to the lake and back, as Parquet that DuckDB reads and writes too."""

import os
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from orchestration.config.settings import Settings
from orchestration.engines.spark.server import ensure_server

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Most tables are small: one at a time leaves a cluster idle between its statements.
_AT_A_TIME = 4


@contextmanager
def connected(settings: Settings) -> Generator["SparkSession", None, None]:
    """A session with the settings of `profiles.yml` that change what values mean."""
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.remote(ensure_server(settings))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.timestampType", "TIMESTAMP_NTZ")
        .getOrCreate()
    )
    try:
        yield spark
    finally:
        spark.stop()


def schema_of(layer: str) -> str:
    """The schema that holds a layer in Spark's catalog: behind the shop's prefix."""
    return f"{os.environ.get('SHOP360_SPARK_SCHEMA', 'shop360')}_{layer}"


def count_rows(spark: "SparkSession", table: str) -> int | None:
    """Rows of a table, None where there is no such table."""
    return spark.table(table).count() if spark.catalog.tableExists(table) else None


def write(spark: "SparkSession", table: str, folder: str) -> None:
    """Replace a folder of the lake by a table's rows."""
    place = folder.replace("\\", "\\\\").replace("'", "\\'")
    spark.sql(f"insert overwrite directory '{place}' using parquet select * from {table}").collect()


def read(spark: "SparkSession", table: str, folder: str) -> None:
    """Replace a table by the rows of a folder of the lake."""
    spark.sql(f"create schema if not exists {table.partition('.')[0]}").collect()
    spark.sql(f"drop table if exists {table}").collect()
    spark.sql(f"create table {table} using parquet as select * from parquet.`{folder}`").collect()


def export(settings: Settings, layers: list[str]) -> dict[tuple[str, str], str]:
    """Write every table of some layers to the lake; returns (layer, table) and its folder.

    A copy, since where and in which format Spark keeps a table is the cluster's own affair.
    """
    with connected(settings) as spark, ThreadPoolExecutor(_AT_A_TIME) as pool:
        folders = {
            (layer, row.tableName): f"{settings.lake_place}/released/{layer}/{row.tableName}"
            for layer in layers
            for row in spark.sql(f"show tables in {schema_of(layer)}").collect()
        }
        copies = [
            pool.submit(write, spark, f"{schema_of(layer)}.{table}", folder)
            for (layer, table), folder in folders.items()
        ]
        for copy in copies:
            copy.result()
    return folders
