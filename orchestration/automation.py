"""When the job runs by itself: every morning in the shop's time, and when the inbox has changed."""

import dagster as dg

from orchestration.runs import fail_orphaned_runs
from orchestration.settings import Settings

# Platforms finish yesterday's reports in the small hours.
_EVERY_MORNING = "30 5 * * *"


def daily_schedule(job_name: str, timezone: str) -> dg.ScheduleDefinition:
    """Every morning at 05:30 of the shop's own clock."""
    return dg.ScheduleDefinition(
        name="every_morning",
        job_name=job_name,
        cron_schedule=_EVERY_MORNING,
        execution_timezone=timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Yesterday's exports, landed, checked, built and released.",
    )


def inbox_state(settings: Settings) -> str:
    """What lies in the inbox, as a text that changes when a file does."""
    if not settings.inbox.is_dir():
        return ""
    return "\n".join(
        f"{path.relative_to(settings.inbox)}:{stat.st_size}:{stat.st_mtime_ns}"
        for path in sorted(settings.inbox.rglob("*"))
        if path.is_file() and (stat := path.stat())
    )


def inbox_sensor(job_name: str, settings: Settings) -> dg.SensorDefinition:
    """Starts the job once the inbox has changed and then kept still between two looks."""

    @dg.sensor(
        name="inbox",
        job_name=job_name,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Runs when new exports have arrived and are no longer being written.",
    )
    def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        # A run that was killed would keep the queue waiting.
        fail_orphaned_runs(context.instance)
        state = inbox_state(settings)
        seen, _, handled = (context.cursor or "").partition("\n--\n")
        if state == handled or not state:
            return dg.SkipReason("Nothing new in the inbox.")
        if state != seen:
            # A file that is still being copied would be rejected as torn.
            return dg.SensorResult(
                skip_reason="The inbox has changed; waiting for it to keep still.",
                cursor=f"{state}\n--\n{handled}",
            )
        return dg.SensorResult(run_requests=[dg.RunRequest()], cursor=f"{state}\n--\n{state}")

    return inbox
