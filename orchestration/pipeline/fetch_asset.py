"""Fetching as a Dagster asset before landing, where shop.yml has sources.

A source that cannot be reached does not stop the run: the other feeds are as important, and the release
shows how old each feed is. It is a failed check of the asset, and `shop360 run` ends with exit code 1.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.engines.warehouse import writer
from orchestration.pipeline import fetching
from orchestration.pipeline.step_faults import not_retried
from orchestration.reports.fetch_print import one_line

FETCHED = dg.AssetKey(["sources", "fetched"])
CHECK = "every_source_answered"


def build_fetch(settings: Settings) -> list[dg.AssetsDefinition]:
    """The asset of all sources; none where shop.yml has no sources."""
    sources = load_shop_config(settings.config).sources
    if not sources:
        return []

    @dg.asset(
        key=FETCHED,
        group_name="exports",
        description=f"Files of the inbox from {', '.join(sources)}.",
        check_specs=[dg.AssetCheckSpec(CHECK, asset=FETCHED, description="No source failed.")],
    )
    def fetched(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        with not_retried("fetching"), writer(settings, "fetching", wait_seconds=60):
            report = fetching.done() or fetching.fetch_all(settings)
        results = report.sources if report else []
        for source in results:
            (context.log.warning if source.error else context.log.info)(one_line(source))
        yield dg.MaterializeResult(
            metadata={source.name: sum(part.rows for part in source.parts) for source in results},
            check_results=[
                dg.AssetCheckResult(
                    check_name=CHECK,
                    passed=not any(source.error for source in results),
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={source.name: source.error for source in results if source.error},
                )
            ],
        )

    return [fetched]
