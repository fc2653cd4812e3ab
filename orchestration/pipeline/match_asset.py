"""Matching as a Dagster asset: the step between landing and the checks of raw."""

import dagster as dg

from orchestration.config.contract import load_contract
from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.engines.warehouse import writer
from orchestration.matching.run import MatchReport, match
from orchestration.pipeline.dbt_translator import DAILY, freshness_policy, owners
from orchestration.terminal.progress import report_progress

MATCHES = "crm.matches"
LANDED = "inbox"
"""Key of the landing as a whole."""


def build_match(settings: Settings) -> dg.AssetsDefinition:
    """The raw feed of pairs: what shops' own tools delivered has landed before, ours are added."""
    feed = load_contract()[MATCHES]

    @dg.multi_asset(
        name="match",
        specs=[
            dg.AssetSpec(
                key=[feed.system, feed.name],
                # Not on the feeds themselves: their checks run together with that of the matches,
                # and would wait for what waits for them.
                deps=[LANDED],
                owners=owners(feed.owner, load_shop_config(settings.config)),
                freshness_policy=freshness_policy(DAILY),
                description=feed.description,
                group_name="raw",
                kinds={"duckdb"},
                metadata={"zh": feed.zh, "key": ", ".join(feed.key)},
            )
        ],
    )
    def match_records(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        if settings.is_rebuilding:
            # The pairs that were found have landed again from the archive.
            return dg.MaterializeResult(metadata={"state": "taken from the archive"})
        with writer(settings, "matching records", wait_seconds=60):
            report_progress("match", 0, 1, "reading records")
            report = match(settings, load_shop_config(settings.config).shop.id)
            report_progress("match", 1, 1)
        if report.skipped:
            context.log.info(f"Nothing was matched: {report.skipped}.")
        return dg.MaterializeResult(metadata=_metadata(report))

    return match_records


def _metadata(report: MatchReport) -> dict[str, int | str]:
    if report.skipped:
        return {"state": f"nothing matched: {report.skipped}"}
    return {
        "model": report.model_version or "",
        "records": report.records,
        "new or changed records": report.fresh,
        "pairs compared": report.pairs,
        "pairs held": report.held,
        "rows landed": report.changed,
    }
