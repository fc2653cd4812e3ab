"""Runs the job of `definitions.py` in this process, for the CLI: the same job as the schedule's.

Dagster's and dbt's own chatter goes to a log file in the home; what a person sees is progress.
"""

import contextlib
import logging
import sys
import warnings
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.landing.wording import masked
from orchestration.settings import Settings
from orchestration.warehouse import writer

if TYPE_CHECKING:
    import dagster as dg


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended: the steps that failed with their reasons, and the checks that stopped it."""

    run_id: str
    succeeded: bool
    failures: list[str]
    blocking_checks: list[str]
    log: Path


def run_job(settings: Settings, job_name: str = "shop360") -> RunOutcome:
    """Execute the job and return its outcome; raises WarehouseBusy when another run is writing."""
    with writer(settings, f"job {job_name}"):
        log = settings.logs / f"{job_name}.log"
        log.parent.mkdir(exist_ok=True)
        with _quietly(log):
            import dagster as dg

            from orchestration.definitions import defs

            with dg.DagsterInstance.get() as instance:
                _bury_the_dead(instance)
                result = defs.resolve_job_def(job_name).execute_in_process(
                    instance=instance, raise_on_error=False
                )
        failures = [
            f"{event.step_key}: {_reason(event)}"
            for event in result.all_events
            if event.is_step_failure
        ]
        checks = [
            f"{check.asset_key.to_user_string()}: {check.description or check.check_name}"
            for check in result.get_asset_check_evaluations()
            if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR
        ]
        return RunOutcome(result.run_id, result.success, failures, checks, log)


def _reason(event: "dg.DagsterEvent") -> str:
    error = event.step_failure_data.error
    while error and error.cause:
        error = error.cause
    text = (error.message if error else "failed").strip()
    # dagster-dbt puts the command line before dbt's own words, which are what helps.
    return masked(text.partition("Errors parsed from dbt logs:")[2].strip() or text)


def _bury_the_dead(instance: "dg.DagsterInstance") -> None:
    """Report runs as failed whose process is gone: we hold the lock, so no other run is alive."""
    import dagster as dg

    for run in instance.get_runs(
        filters=dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
    ):
        instance.report_run_failed(run, "The process of this run ended without a word.")


@contextlib.contextmanager
def _quietly(log: Path) -> Generator[None, None, None]:
    """Send what libraries print and log to a file for the time of the block."""
    with log.open("w", encoding="utf-8") as handle, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        streams = sys.stdout, sys.stderr
        handler = logging.StreamHandler(handle)
        root = logging.getLogger()
        before = root.handlers[:]
        root.handlers = [handler]
        sys.stdout = sys.stderr = handle
        try:
            yield
        finally:
            sys.stdout, sys.stderr = streams
            root.handlers = before
