"""Faults that a Dagster step must not be started again for, and what a failed step says of them."""

from collections.abc import Generator
from contextlib import contextmanager

import dagster as dg

from orchestration.system import faults
from orchestration.system.errors import OperatorError
from orchestration.system.landing_errors import LandingError


@contextmanager
def not_retried(doing: str) -> Generator[None]:
    """Within the block, what another try cannot cure fails the step at once, with its cause."""
    try:
        with faults.stopping(doing):
            yield
    except (OperatorError, LandingError) as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error


def fault_of(event: dg.DagsterEvent) -> faults.MachineFault | None:
    """The fault of the machine behind a failed step, whichever program met it."""
    error = event.step_failure_data.error
    whole = error.to_string() if error else ""
    while error is not None:
        if error.cls_name in ("MachineFault", "WarehouseUnusable"):
            return faults.MachineFault(error.message.partition(": ")[2].strip())
        error = error.cause or error.context
    return faults.in_text(whole, doing=event.step_key or "")
