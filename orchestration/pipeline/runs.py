"""Runs the job of `definitions.py` in this process, for the CLI: the same job as the schedule's.

Dagster's and dbt's own chatter goes to a log file in the home; what a person sees is progress.
"""

import contextlib
import logging
import sys
import warnings
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.config.settings import Settings
from orchestration.engines.warehouse import require, writer
from orchestration.pipeline import notify
from orchestration.pipeline.fetching import already_fetched, fetch_all
from orchestration.pipeline.unchanged import is_unchanged
from orchestration.reports.run_outcome import RunOutcome
from orchestration.system.faults import MachineFault
from orchestration.system.masking import masked

if TYPE_CHECKING:
    import dagster as dg


def run_job(settings: Settings, job_name: str = "shop360", *, always: bool = False) -> RunOutcome:
    """Execute the job and return its outcome; raises WarehouseBusy when another run is writing.

    Without `always`, a run that would change nothing ends at once.

    Raises WarehouseMissing when the warehouse was lost, and MachineFault, in one line, when a fault of
    the machine stopped a step.
    """
    with writer(settings, f"job {job_name}"):
        require(settings)
        log = settings.logs / f"{job_name}.log"
        log.parent.mkdir(exist_ok=True)
        fetched = fetch_all(settings)
        if not always and is_unchanged(settings):
            notify.after_run(settings)
            return RunOutcome("", True, [], [], log, is_unchanged=True, fetched=fetched)
        with _quietly(log), _notifying_of_errors(settings), already_fetched(fetched):
            import dagster as dg

            from orchestration.pipeline.definitions import defs
            from orchestration.pipeline.orphaned_runs import fail_orphaned_runs
            from orchestration.pipeline.step_faults import fault_of

            with dg.DagsterInstance.get() as instance:
                fail_orphaned_runs(instance)
                result = defs.resolve_job_def(job_name).execute_in_process(
                    instance=instance, raise_on_error=False
                )
            failed = [event for event in result.all_events if event.is_step_failure]
            if failed:
                notify.run_failed(
                    settings, result.run_id, [event.step_key or "" for event in failed]
                )
            notify.after_run(settings)
        if fault := next((found for event in failed if (found := fault_of(event))), None):
            stays = " The last release stays." if settings.released.exists() else ""
            raise MachineFault(f"{fault}{stays}")
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
        return RunOutcome(result.run_id, result.success, failures, checks, log, fetched=fetched)


def _reason(event: "dg.DagsterEvent") -> str:
    if (said := event.step_failure_data.user_failure_data) and said.description:
        return said.description
    error = event.step_failure_data.error
    while error and error.cause:
        error = error.cause
    text = (error.message if error else "failed").strip()
    # dagster-dbt puts the command line before dbt's own words, which are what helps.
    return masked(text.partition("Errors parsed from dbt logs:")[2].strip() or text)


@contextlib.contextmanager
def _notifying_of_errors(settings: Settings) -> Generator[None, None, None]:
    """Notify of a run that ends without an outcome, such as one whose project does not parse."""
    try:
        yield
    except Exception:
        notify.run_failed(settings, "", [])
        raise


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
