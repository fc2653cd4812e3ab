"""Runs whose process was killed: Dagster still lists them as running until they are reported as failed."""

import time

import dagster as dg

from orchestration.system.processes import process_of

# The time between the creation of a run and the first event of its process.
_START_SECONDS = 300
_CLOCK_SECONDS = 3


def fail_orphaned_runs(instance: dg.DagsterInstance) -> list[str]:
    """Report runs as failed whose process is gone; returns their ids.

    Dagster itself does not look after runs that the CLI started, and a run that is never ended keeps
    the queue of its daemon from starting another.
    """
    status = dg.DagsterRunStatus
    unended = [status.NOT_STARTED, status.STARTING, status.STARTED, status.CANCELING]
    records = instance.get_run_records(filters=dg.RunsFilter(statuses=unended))
    orphaned = [record.dagster_run for record in records if not _has_process(instance, record)]
    for run in orphaned:
        instance.report_run_failed(run, "The process of this run was killed.")
    return [run.run_id for run in orphaned]


def _has_process(instance: dg.DagsterInstance, record: dg.RunRecord) -> bool:
    """Whether the process that executes a run lives; a run that is just being started counts as alive."""
    events = instance.all_logs(
        record.dagster_run.run_id, of_type={dg.DagsterEventType.ENGINE_EVENT}
    )
    for event in reversed(events):
        data = event.dagster_event.engine_event_data if event.dagster_event else None
        pid = data.metadata.get("pid") if data else None
        if pid is not None and str(pid.value).isdigit():
            process = process_of(int(str(pid.value)))
            # A process that is younger than the event got the id of one that has ended.
            younger = (process.started_at or 0) > event.timestamp + _CLOCK_SECONDS
            return process.is_alive and not younger
    return time.time() - record.update_timestamp.timestamp() < _START_SECONDS
