"""Landing as Dagster assets: one step that fills every raw feed from the inbox.

The feed of matches is the asset of the step that adds to it, `matching/step.py`.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration import release
from orchestration.contract import Feed, load_contract
from orchestration.landing import Counts, Event, LandingReport, land, replay
from orchestration.matching.step import LANDED, MATCHES
from orchestration.progress import tell
from orchestration.settings import Settings
from orchestration.shop_config import load_shop_config
from orchestration.warehouse import writer


def build_land(settings: Settings) -> dg.AssetsDefinition:
    """The raw feeds of the contract, keyed like the dbt sources that read them."""
    feeds = [feed for feed in load_contract().values() if feed.code != MATCHES]

    @dg.multi_asset(
        name="land",
        specs=[
            dg.AssetSpec(
                key=[feed.system, feed.name],
                description=feed.description,
                group_name="raw",
                kinds={"duckdb"},
                metadata={"zh": feed.zh, "key": ", ".join(feed.key)},
            )
            for feed in feeds
        ]
        + [
            dg.AssetSpec(
                key=LANDED,
                description="The inbox as a whole: every file landed or rejected.",
                group_name="raw",
            )
        ],
        retry_policy=dg.RetryPolicy(max_retries=1, delay=5),
    )
    def land_feeds(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        with writer(settings, "landing exports", wait_seconds=60):
            release.close_gate(settings)
            report = land_with_progress(settings)
        for rejected in report.rejected:
            context.log.warning(f"{rejected.file} was rejected: {rejected.error}")
        for feed in feeds:
            yield dg.MaterializeResult(
                asset_key=[feed.system, feed.name], metadata=_metadata(report, feed)
            )
        yield dg.MaterializeResult(asset_key=LANDED, metadata={"files": len(report.files)})

    return land_feeds


def land_with_progress(settings: Settings, *, dry_run: bool = False) -> LandingReport:
    """Land what the inbox holds and tell the progress file by file; a rebuild lands the archive."""
    config = load_shop_config(settings.config)
    if settings.is_rebuilding:
        return replay(settings, config, report=_tell)
    if not dry_run:
        settings.remember_target()
    return land(
        settings,
        config,
        dry_run=dry_run,
        report=_tell,
    )


def _tell(event: Event) -> None:
    tell("land", event.number - (event.kind == "started"), event.total, event.file)


def _metadata(report: LandingReport, feed: Feed) -> dict[str, int]:
    counts = report.totals.get(feed.code, Counts())
    return {
        "rows read": counts.read,
        "accepted": counts.accepted,
        "unchanged": counts.unchanged,
        "replaced": counts.replaced,
        "quarantined": counts.quarantined,
    }
