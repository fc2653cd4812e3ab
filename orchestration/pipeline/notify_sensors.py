"""Messages while `make dev` is running: of runs that ended, also killed ones, and each hour of what is due."""

import dagster as dg

from orchestration.config.settings import Settings
from orchestration.config.shop_config import ShopConfig
from orchestration.pipeline import notify


def notify_sensors(settings: Settings, shop: ShopConfig) -> list[dg.SensorDefinition]:
    """The sensors; none where shop.yml names no place."""
    if not shop.notify:
        return []

    @dg.run_failure_sensor(
        name="failed_run",
        description="Sends that a run failed to the places of shop.yml.",
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def failed_run(context: dg.RunFailureSensorContext) -> None:
        steps = [event.step_key or "" for event in context.get_step_failure_events()]
        notify.run_failed(settings, context.dagster_run.run_id, steps)

    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.SUCCESS,
        name="released_run",
        description="Sends the digest of a new release to the places of shop.yml.",
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def released_run() -> None:
        notify.after_run(settings)

    @dg.sensor(
        name="late_feeds",
        minimum_interval_seconds=3600,
        description="Sends late feeds, once a day per feed, and what could not be sent before.",
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def late() -> dg.SkipReason:
        sent = [one for one in notify.after_run(settings) if not one.is_earlier]
        said = ", ".join(f"{one.message} to {one.place.label}" for one in sent if one.is_taken)
        return dg.SkipReason(f"Sent: {said}." if said else "Nothing is due.")

    return [failed_run, released_run, late]
