"""The checks of the raw feeds as Dagster asset checks; the suites run in `quality/checks.py`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from orchestration.config.contract import Feed, load_contract
from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.engines.warehouse import connect, writer
from orchestration.quality.check_results import public_rows, save
from orchestration.quality.checks import CHECK_NAME, Outcome, run_suites
from orchestration.quality.suites import load_suite
from orchestration.release import build_facts


def build_raw_checks(settings: Settings) -> dg.AssetChecksDefinition:
    """One blocking check per raw feed: nothing is built on a feed that fails critically."""
    contract = load_contract()

    @dg.multi_asset_check(
        name="check_raw",
        specs=[
            dg.AssetCheckSpec(
                CHECK_NAME,
                asset=dg.AssetKey([feed.system, feed.name]),
                blocking=True,
                description=f"What is expected of {feed.en.lower()}, see tests/expectations/{feed.code}.yml.",
            )
            for feed in contract.values()
        ],
    )
    def check_raw(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        with writer(settings, "checking the raw feeds", wait_seconds=60):
            connected = _connected(settings, contract)
            most = load_shop_config(settings.config).landing.max_refused
            suites = [load_suite(feed, max_refused=most.get(feed.code)) for feed in connected]
            outcomes = run_suites(settings, suites)
            _record(settings, context.run.run_id, connected, outcomes)
        for feed in contract.values():
            yield _result(settings, feed, [o for o in outcomes if o.feed == feed.code])

    return check_raw


def _record(
    settings: Settings, run_id: str, connected: Sequence[Feed], outcomes: Sequence[Outcome]
) -> None:
    """Results for people in meta.check_results, and for the gate whether each feed may be built on."""
    rows = _rows(run_id, outcomes)
    save(settings, CHECK_NAME, rows, [row[2] for row in rows])
    critical = {o.feed for o in outcomes if not o.passed and o.severity == "critical"}
    build_facts.record_raw_checks(
        settings, {feed.code: feed.code not in critical for feed in connected}
    )


def _connected(settings: Settings, contract: Mapping[str, Feed]) -> list[Feed]:
    with connect(settings) as con:
        return [
            feed
            for feed in contract.values()
            if con.execute(f"select 1 from raw.{feed.table} limit 1").fetchone()
        ]


def _rows(run_id: str, outcomes: Sequence[Outcome]) -> list[tuple[Any, ...]]:
    return [
        (
            run_id,
            CHECK_NAME,
            f"{outcome.feed}: {outcome.description or outcome.name}",
            outcome.passed,
            "error" if outcome.severity == "critical" else "warn",
            outcome.failures,
            outcome.error or None,
            public_rows(json.loads(outcome.failing or "[]")),
        )
        for outcome in outcomes
    ]


def _result(settings: Settings, feed: Feed, outcomes: Sequence[Outcome]) -> dg.AssetCheckResult:
    key = dg.AssetKey([feed.system, feed.name])
    if not outcomes:
        return dg.AssetCheckResult(
            asset_key=key,
            check_name=CHECK_NAME,
            passed=True,
            metadata={"state": "not connected: no rows have landed for this feed"},
        )
    failed = [outcome for outcome in outcomes if not outcome.passed]
    critical = any(outcome.severity == "critical" for outcome in failed)
    records = [
        dg.TableRecord(
            {
                "expectation": outcome.description or outcome.name,
                "severity": outcome.severity,
                "passed": outcome.passed,
                "failures": outcome.failures,
                "failing rows": outcome.failing,
                "error": outcome.error,
            }
        )
        for outcome in [*failed, *(o for o in outcomes if o.passed)]
    ]
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=CHECK_NAME,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if critical else dg.AssetCheckSeverity.WARN,
        description="; ".join(outcome.description or outcome.name for outcome in failed) or None,
        metadata={
            "expectations": len(outcomes),
            "failed": len(failed),
            "results": dg.MetadataValue.table(records),
            "data docs": dg.MetadataValue.path(str(settings.data_docs / "index.html")),
        },
    )
