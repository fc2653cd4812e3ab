"""Engines: what stores and computes: the DuckDB file, dbt, Spark, DuckLake and the lake of Parquet files.

How each is opened, locked, started and prepared. What the rows mean is not known here.
"""
