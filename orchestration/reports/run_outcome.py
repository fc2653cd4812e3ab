"""How a run of the job ended, for what prints it and for programs."""

from dataclasses import dataclass
from pathlib import Path

from orchestration.sources.results import FetchReport


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended: the steps that failed with their reasons, and the checks that stopped it."""

    run_id: str
    succeeded: bool
    failures: list[str]
    blocking_checks: list[str]
    log: Path
    is_unchanged: bool = False
    """Whether the run ended at once, as nothing had arrived or changed since the release."""
    fetched: FetchReport | None = None
    """What was fetched first; None where shop.yml has no sources."""
