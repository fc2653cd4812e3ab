"""Metrics by name, in any combination and slice: MetricFlow writes the SQL, the released file answers it.

What the metrics are is declared in models/semantic/; how people ask for them is in `commands/metrics.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from orchestration.config.settings import Settings
from orchestration.engines.manifest import ensure_manifest
from orchestration.reports.metrics_errors import what_is_wrong
from orchestration.system.errors import OperatorError

if TYPE_CHECKING:
    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow.protocols.sql_client import SqlClient


class MetricFlowMissing(OperatorError):
    """The extra that brings MetricFlow is not installed."""

    exit_code = 2


class MetricsError(OperatorError):
    """A metric or slice that does not exist, or that do not go together."""


def load_engine(settings: Settings) -> MetricFlowEngine:
    """MetricFlow with the project's metrics, over the tables of the released file.

    Raises MetricFlowMissing with what to install, and ProjectBroken.
    """
    try:
        from metricflow.engine.metricflow_engine import MetricFlowEngine
        from metricflow.protocols.sql_client import SqlEngine
        from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
        from metricflow_semantics.model.dbt_manifest_parser import (
            parse_manifest_from_dbt_generated_manifest,
        )
        from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup
    except ImportError as error:
        raise MetricFlowMissing(
            "Metrics need MetricFlow, which is not installed here: pip install 'shop360[semantic]', or "
            f"`make` with its lock. ({error})"
        ) from error
    # All that writing SQL for a database needs to know of it.
    dialect = SimpleNamespace(
        sql_engine_type=SqlEngine.DUCKDB, sql_plan_renderer=DuckDbSqlPlanRenderer()
    )
    manifest = parse_manifest_from_dbt_generated_manifest(json.dumps(_released(settings)))
    return MetricFlowEngine(SemanticManifestLookup(manifest), cast("SqlClient", dialect))


def metric_sql(
    engine: MetricFlowEngine,
    metrics: Sequence[str],
    group_by: Sequence[str] = (),
    *,
    where: Sequence[str] = (),
    order: Sequence[str] = (),
    start: datetime | None = None,
    end: datetime | None = None,
) -> str:
    """The SQL that answers: a column for each slice and each metric, in the order in which they are named.

    Rows are sorted by the slices unless `order` says otherwise; `start` and `end` are included. Raises
    MetricsError, which names what is nearest.
    """
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest, OutputColumnOrderMode
    from metricflow_semantics.errors.error_classes import MetricFlowException

    request = MetricFlowQueryRequest.create(
        metric_names=metrics,
        group_by_names=group_by,
        where_constraints=where or None,
        order_by_names=order or group_by,
        time_constraint_start=start,
        time_constraint_end=end,
        output_column_order_mode=OutputColumnOrderMode.INPUT_ORDER,
    )
    try:
        return engine.explain(request).sql_statement.without_descriptions.sql
    except MetricFlowException as error:
        wrong = what_is_wrong(engine, metrics, group_by, where, order, error)
        raise MetricsError(wrong) from error


def dimensions_of(engine: MetricFlowEngine, metrics: Sequence[str]) -> list[str]:
    """Everything that all of these metrics can be sliced by, `metric_time` first.

    Raises MetricsError when a metric does not exist.
    """
    from metricflow_semantics.errors.error_classes import MetricFlowException

    try:
        dimensions = engine.simple_dimensions_for_metrics(list(metrics))
        entities = engine.entities_for_metrics(list(metrics))
    except MetricFlowException as error:
        raise MetricsError(what_is_wrong(engine, metrics, (), (), (), error)) from error
    names = {dimension.granularity_free_dunder_name for dimension in dimensions}
    names |= {entity.name for entity in entities}
    return sorted(names, key=lambda name: (name != "metric_time", "__" in name, name))


def _released(settings: Settings) -> dict[str, Any]:
    """The declarations as dbt understands them, with the names that tables have in the released file.

    The warehouse, the lake and Spark each put other names before them.
    """
    declared = ensure_manifest(settings).with_name("semantic_manifest.json")
    manifest = json.loads(declared.read_text())
    time_spines = manifest["project_configuration"]["time_spines"]
    for holder in [*manifest["semantic_models"], *time_spines]:
        relation = holder["node_relation"]
        layer = relation["schema_name"].rsplit("_", 1)[-1]
        relation |= {"database": None, "schema_name": layer}
        relation["relation_name"] = f"{layer}.{relation['alias']}"
    return manifest
