"""Landing as Dagster assets: one step that fills every raw feed from the inbox.

The feed of matches is the asset of the step that adds to it, `match_asset.py`.
"""

from collections.abc import Iterator, Sequence

import dagster as dg

from orchestration.config.contract import Feed, load_contract
from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.engines.warehouse import writer
from orchestration.landing.land import land
from orchestration.landing.record.report import Counts, Event, LandingReport
from orchestration.landing.replay import replay
from orchestration.pipeline.arrivals import inbox_state, note_landed
from orchestration.pipeline.dbt_translator import DAILY, freshness_policy, owners
from orchestration.pipeline.match_asset import LANDED, MATCHES
from orchestration.pipeline.release_asset import RELEASED
from orchestration.pipeline.step_faults import not_retried
from orchestration.reports.feed_ages import feed_rhythms
from orchestration.terminal.progress import report_progress


def build_land(settings: Settings, after: Sequence[dg.AssetKey] = ()) -> dg.AssetsDefinition:
    """The raw feeds of the contract, keyed like the dbt sources that read them; `after` run first."""
    feeds = [feed for feed in load_contract().values() if feed.code != MATCHES]
    shop, rhythms = load_shop_config(settings.config), feed_rhythms(settings)

    @dg.multi_asset(
        name="land",
        specs=[
            dg.AssetSpec(
                key=[feed.system, feed.name],
                deps=[_exports_key(feed), *after],
                owners=owners(feed.owner, shop),
                freshness_policy=freshness_policy(rhythms.get(feed.code)),
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
                owners=owners(None, shop),
                freshness_policy=freshness_policy(DAILY),
                group_name="raw",
            )
        ],
        retry_policy=dg.RetryPolicy(max_retries=1, delay=5),
    )
    def land_feeds(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        with (
            not_retried("landing"),
            writer(settings, "landing exports", wait_seconds=60),
        ):
            state = inbox_state(settings)
            report = land_with_progress(settings)
            if _releases(context) and not settings.is_rebuilding:
                note_landed(settings, state)
        for rejected in report.rejected:
            context.log.warning(f"{rejected.file} was rejected: {rejected.error}")
        for feed in feeds:
            files = sum(file.feed == feed.code for file in report.landed)
            if files and not settings.is_rebuilding:
                context.log_event(
                    dg.AssetMaterialization(_exports_key(feed), metadata={"files": files})
                )
            yield dg.MaterializeResult(
                asset_key=[feed.system, feed.name], metadata=_metadata(report, feed)
            )
        yield dg.MaterializeResult(asset_key=LANDED, metadata={"files": len(report.files)})

    return land_feeds


def build_exports(settings: Settings) -> list[dg.AssetSpec]:
    """What is delivered for each feed: materialised when a file of it lands, so a stopped export is late.

    The raw feeds themselves are materialised by every run, whether anything arrived or not.
    """
    shop, rhythms = load_shop_config(settings.config), feed_rhythms(settings)
    return [
        dg.AssetSpec(
            key=_exports_key(feed),
            description=f"Exports with {feed.en} ({feed.zh}) that have landed.",
            group_name="exports",
            owners=owners(feed.owner, shop),
            freshness_policy=freshness_policy(rhythms.get(feed.code)),
        )
        for feed in load_contract().values()
        if feed.code != MATCHES
    ]


def _exports_key(feed: Feed) -> dg.AssetKey:
    return dg.AssetKey(["exports", feed.system, feed.name])


def _releases(context: dg.AssetExecutionContext) -> bool:
    """Whether this run goes on to the release, so that what it lands needs no other run."""
    selected = context.run.asset_selection
    return not selected or dg.AssetKey(RELEASED) in selected


def land_with_progress(settings: Settings, *, dry_run: bool = False) -> LandingReport:
    """Land what the inbox holds and tell the progress file by file; a rebuild lands the archive."""
    config = load_shop_config(settings.config)
    if settings.is_rebuilding:
        return replay(settings, config, report=_tell)
    if not dry_run:
        settings.remember_target()
    report_progress("land", 0, 1, "reading the inbox")
    report = land(
        settings,
        config,
        dry_run=dry_run,
        report=_tell,
    )
    if not report.files:
        report_progress("land", 1, 1)
    return report


def _tell(event: Event) -> None:
    report_progress("land", event.number - (event.kind == "started"), event.total, event.file)


def _metadata(report: LandingReport, feed: Feed) -> dict[str, int]:
    counts = report.totals.get(feed.code, Counts())
    return {
        "rows read": counts.read,
        "accepted": counts.accepted,
        "unchanged": counts.unchanged,
        "replaced": counts.replaced,
        "quarantined": counts.quarantined,
        "withdrawn": counts.withdrawn,
    }
