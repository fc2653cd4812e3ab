"""Quality: Great Expectations on the raw feeds, and the last result of every check.

Suites run inside DuckDB. Checks of models are dbt's; only their results are kept here.
"""
