"""When the job runs by itself: every morning in the shop's time, and when exports have arrived."""

import hashlib
import json

import dagster as dg

from orchestration.config.settings import Settings
from orchestration.engines.warehouse import WarehouseBusy, is_being_written, writer
from orchestration.pipeline.arrivals import not_landed
from orchestration.pipeline.fetching import has_sources
from orchestration.pipeline.match_asset import LANDED
from orchestration.pipeline.orphaned_runs import fail_orphaned_runs
from orchestration.pipeline.release_asset import RELEASED
from orchestration.pipeline.unchanged import is_unchanged

# Platforms finish yesterday's reports in the small hours.
_EVERY_MORNING = "30 5 * * *"


def daily_schedule(job_name: str, timezone: str, settings: Settings) -> dg.ScheduleDefinition:
    """Every morning at 05:30 of the shop's own clock, unless a run would change nothing."""

    @dg.schedule(
        name="every_morning",
        job_name=job_name,
        cron_schedule=_EVERY_MORNING,
        execution_timezone=timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Yesterday's exports, landed, checked, built and released.",
    )
    def every_morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        try:
            with writer(settings, "looking for changes"):
                if has_sources(settings) or not is_unchanged(settings):
                    return dg.RunRequest()
        except WarehouseBusy:
            return dg.RunRequest()
        # Inbox and release are as fresh as a run would make them.
        for key in (dg.AssetKey(LANDED), dg.AssetKey(RELEASED)):
            context.instance.report_runless_asset_event(dg.AssetMaterialization(key))
        return dg.SkipReason("Nothing has arrived or changed since the release.")

    return every_morning


def inbox_sensor(job_name: str, settings: Settings) -> dg.SensorDefinition:
    """Starts the job once per state of the files that no run has landed, when they have kept still.

    A run that fails before its landing ends is started again by the schedule, or by another change.
    """

    @dg.sensor(
        name="inbox",
        job_name=job_name,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Runs when exports have arrived that no run has landed, and are no longer being written.",
    )
    def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        if is_being_written(settings):
            return dg.SkipReason("Another process is writing to this home.")
        # A run that was killed would keep the queue waiting.
        if context.instance_ref:
            fail_orphaned_runs(context.instance)
        files = not_landed(settings)
        if not files:
            return dg.SkipReason("Nothing new in the inbox since the last run.")
        state = hashlib.sha256(json.dumps(files).encode()).hexdigest()
        seen, started = _cursor(context.cursor)
        if state == started:
            return dg.SkipReason("A run was started for these files and did not land them.")
        if state != seen:
            # A file that is still being copied would be rejected as torn.
            return dg.SensorResult(
                skip_reason=f"{len(files)} new files in the inbox; waiting until they stop changing.",
                cursor=json.dumps({"seen": state, "started": started}),
            )
        cursor = json.dumps({"seen": state, "started": state})
        return dg.SensorResult(run_requests=[dg.RunRequest()], cursor=cursor)

    return inbox


def _cursor(text: str | None) -> tuple[str, str]:
    """The state at the last look, and that for which a run was started."""
    try:
        cursor = json.loads(text or "{}")
        return cursor.get("seen", ""), cursor.get("started", "")
    except (ValueError, AttributeError):
        return "", ""
