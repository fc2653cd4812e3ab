"""Great Expectations on DuckDB, computed in the database.

Great Expectations fetches results after it has given its connection back, and DuckDB drops a
result with its connection; so this engine keeps one connection for its life. DuckDB has no
regular-expression operator that Great Expectations knows; the two metrics below name its function.
"""

import builtins
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
import sqlalchemy.event
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.metrics import (
    ColumnMapMetricProvider,
    column_condition_partial,
)

# The base metrics must be registered before ours replace them for this engine.
from great_expectations.expectations.metrics.column_map_metrics import (  # noqa: F401
    column_values_match_regex,
)
from sqlalchemy.exc import SQLAlchemyError

from orchestration.config.settings import Settings
from orchestration.engines import lake
from orchestration.system.masking import plain


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """One connection from the first query to `close`."""

    @contextmanager
    def get_connection(self) -> Generator[sa.Connection, None, None]:
        """The kept connection; a failed query leaves it usable, and its error quotes no value."""
        if self._connection is None or self._connection.closed:
            self._connection = self.engine.connect()
        try:
            yield self._connection
        except Exception as error:
            self._connection.rollback()
            raise SQLAlchemyError(plain(error)) from None

    def close(self) -> None:
        """Let go of the file, so that the next step can write to it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.engine.dispose()


class DuckDBDatasource(SQLDatasource):
    """Registers itself as `context.data_sources.add_duckdb`."""

    type: Literal["duckdb"] = "duckdb"  # ty: ignore[incompatible-attribute-override]

    @property
    def execution_engine_type(self) -> "builtins.type[SqlAlchemyExecutionEngine]":
        """The engine above."""
        return DuckDBExecutionEngine


def reach_lake(engine: sa.Engine, settings: Settings) -> None:
    """Let every connection of an engine read raw where it lives."""
    if settings.target == "spark":

        def register(connection: Any, _record: Any) -> None:
            lake.register(connection, settings)

        sa.event.listen(engine, "connect", register)
        # Connections from before do not know the lake.
        engine.dispose()


class _MatchRegex(ColumnMapMetricProvider):
    condition_metric_name = "column_values.match_regex"
    condition_value_keys = ("regex",)

    @column_condition_partial(engine=DuckDBExecutionEngine)
    def _duckdb(cls, column: Any, regex: str, _dialect: Any, **kwargs: Any) -> Any:
        return sa.func.regexp_matches(column, sa.literal(regex))


class _NotMatchRegex(ColumnMapMetricProvider):
    condition_metric_name = "column_values.not_match_regex"
    condition_value_keys = ("regex",)

    @column_condition_partial(engine=DuckDBExecutionEngine)
    def _duckdb(cls, column: Any, regex: str, _dialect: Any, **kwargs: Any) -> Any:
        return sa.not_(sa.func.regexp_matches(column, sa.literal(regex)))
