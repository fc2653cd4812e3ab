"""Runs the suites of raw feeds inside DuckDB, and writes Data Docs.

Great Expectations takes seconds to import, so it is imported when checks run and not before.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.config.contract import Feed
from orchestration.config.settings import Settings
from orchestration.quality.data_docs import make_self_contained
from orchestration.quality.suites import Suite
from orchestration.system.masking import masked_row, plain
from orchestration.terminal.progress import report_progress

CHECK_NAME = "great_expectations"


@dataclass(frozen=True)
class Outcome:
    """How one expectation of one feed ended; `failing` are keys of rows, never persons."""

    feed: str
    name: str
    description: str
    severity: str
    passed: bool
    failures: int
    failing: str
    error: str


def run_suites(settings: Settings, suites: Sequence[Suite]) -> list[Outcome]:
    """Validate every suite inside DuckDB and write the Data Docs site."""
    if not suites:
        return []
    report_progress("check", 0, len(suites), "starting Great Expectations")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    from orchestration.quality import gx_duckdb

    assert gx_duckdb.DuckDBDatasource
    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    context.add_data_docs_site(site_name="shop360", site_config=_site(settings))
    source = context.data_sources.add_duckdb(
        name="warehouse",
        connection_string=f"duckdb:///{settings.warehouse}",
        create_temp_table=False,
    )
    gx_duckdb.reach_lake(source.get_engine(), settings)
    outcomes: list[Outcome] = []
    try:
        for number, suite in enumerate(suites, start=1):
            report_progress("check", number - 1, len(suites), suite.feed.code)
            outcomes += _validate(gx, context, source, suite)
        report_progress("check", len(suites) - 1, len(suites), "writing Data Docs")
        context.build_data_docs()
        passed = {suite.feed.code: True for suite in suites}
        passed |= {outcome.feed: False for outcome in outcomes if not outcome.passed}
        make_self_contained(settings.data_docs, passed)
        report_progress("check", len(suites), len(suites))
    finally:
        source.get_execution_engine().close()
        if source._engine is not None:
            source._engine.dispose()
    return outcomes


def _site(settings: Settings) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(settings.data_docs),
        },
    }


def _validate(gx: Any, context: Any, source: Any, suite: Suite) -> list[Outcome]:
    feed = suite.feed
    batch = source.add_table_asset(
        name=feed.code, table_name=feed.table, schema_name="raw"
    ).add_batch_definition_whole_table("all")
    expectations = context.suites.add(
        gx.ExpectationSuite(name=feed.code, expectations=[dict(e) for e in suite.expectations])
    )
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=feed.code, data=batch, suite=expectations)
    )
    # No samples of values: Data Docs would show them, and they may name people.
    result = definition.run(result_format={"result_format": "BASIC", "partial_unexpected_count": 0})
    engine = source.get_execution_engine()
    return [_outcome(feed, item, engine) for item in result.results]


def _outcome(feed: Feed, item: Any, engine: Any) -> Outcome:
    config = item.expectation_config
    raised = item.exception_info or {}
    errors = [info for info in [raised, *raised.values()] if isinstance(info, Mapping)]
    error = next(
        (str(info["exception_message"]) for info in errors if info.get("raised_exception")), ""
    )
    severity = getattr(config.severity, "value", config.severity) or "critical"
    return Outcome(
        feed=feed.code,
        name=config.type,
        description=config.description or "",
        # An expectation that could not be computed says nothing about the data.
        severity="critical" if error else str(severity),
        passed=bool(item.success),
        failures=_failures(item.result),
        failing="" if item.success or error else _failing(feed, config.kwargs, engine),
        error=plain(error)[:500],
    )


def _failures(result: Mapping[str, Any]) -> int:
    observed = result.get("observed_value")
    return int(result.get("unexpected_count") or (observed if isinstance(observed, int) else 0))


def _failing(feed: Feed, kwargs: Mapping[str, Any], engine: Any) -> str:
    """Up to ten rows of the suite's own query as JSON, without personal columns and values."""
    query = kwargs.get("unexpected_rows_query")
    if not query:
        return ""
    import sqlalchemy as sa

    rows = query.replace("{batch}", f"raw.{feed.table}")
    with engine.get_connection() as connection:
        found = connection.execute(sa.text(f"select * from ({rows}) limit 10")).mappings()
        personal = {column.name for column in feed.columns.values() if column.pii}
        shown = [masked_row(row, personal) for row in found]
        return json.dumps(shown, ensure_ascii=False, default=str)
