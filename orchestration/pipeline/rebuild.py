"""`shop360 rebuild`: a new warehouse from the archive, put in place only after it is built and checked.

The old warehouse is kept under another name, whether it can be read or not. Customer ids and their
history come from the old warehouse where it can be read, else from `<private>/kept/`. Models are built by
DuckDB whatever the engine of the home is.
"""

import contextlib
import os
import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.config.environment import prepare_environment
from orchestration.config.settings import Settings
from orchestration.engines import sync_history
from orchestration.engines.manifest import ensure_manifest
from orchestration.landing.record import archive, reconcile
from orchestration.pipeline.runs import RunOutcome, run_job
from orchestration.release import generations
from orchestration.reports.compare import TableParity, compare, grains
from orchestration.reports.verify import check_archive
from orchestration.system.errors import OperatorError
from orchestration.system.faults import MachineFault
from orchestration.terminal.progress import report_progress

_SHOWN = 5


class RebuildFailed(OperatorError):
    """The archive is not whole, or there is nothing to rebuild from."""


@dataclass
class Rebuilt:
    """How a rebuild ended. `compared` is None where there was no release that could be read.

    `ids_from` says where customer ids came from; `kept_as` is the old warehouse.
    """

    run: RunOutcome
    files: int
    ids_from: str
    compared: list[TableParity] | None = None
    kept_as: Path | None = None
    released: Path | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        """Whether no table differs from the last release."""
        return all(table.is_equal for table in self.compared or [])


def rebuild(settings: Settings, *, release_anyway: bool = False) -> Rebuilt:
    """Rebuild the home's warehouse. The caller holds the writer lock.

    Raises RebuildFailed before anything is changed when the archive is not whole.
    """
    _complete_ledger(settings)
    files = _assert_archive_is_whole(settings)
    ids_from = _save_ids(settings)
    new = replace(settings, is_rebuilding=True, target="duckdb")
    shutil.rmtree(settings.rebuilding, ignore_errors=True)
    settings.rebuilding.mkdir()
    try:
        prepare_environment(new)
        run = run_job(new, "rebuild")
        outcome = Rebuilt(run, files, ids_from)
        if not run.succeeded:
            return outcome
        outcome.compared = _compare_with_last_release(settings, new, outcome.notes)
    finally:
        prepare_environment(settings)
    outcome.kept_as = _swap(settings, new)
    sync_history.keep(settings)
    if outcome.is_equal or release_anyway:
        _release(settings, outcome)
    shutil.rmtree(settings.rebuilding, ignore_errors=True)
    return outcome


def _complete_ledger(settings: Settings) -> None:
    """Write into the ledger what only the old warehouse knows, or the release where that is all there is."""
    with contextlib.suppress(duckdb.Error, OSError, MachineFault):
        if settings.warehouse.exists():
            with duckdb.connect(str(settings.warehouse), read_only=True) as con:
                missing, _ = reconcile.differences(archive.read(settings), con)
                finished = reconcile.finished_batches(con)
            _append(settings, missing, finished)
    if not archive.read(settings).landed and settings.released.exists():
        with contextlib.suppress(duckdb.Error):
            with duckdb.connect(str(settings.released), read_only=True) as con:
                entries, finished = reconcile.landed_files(con), reconcile.finished_batches(con)
            _append(settings, entries, finished)


def _save_ids(settings: Settings) -> str:
    """Keep the customer ids of the old warehouse where it can be read; where those of the new come from."""
    ensure_manifest(settings)
    with contextlib.suppress(duckdb.Error, OSError, MachineFault):
        if settings.warehouse.exists():
            sync_history.keep(settings, only_longer=True)
            if any(settings.kept.glob("*.parquet")):
                return "the old warehouse"
    return str(settings.kept) if any(settings.kept.glob("*.parquet")) else ""


def _append(settings: Settings, entries: list[archive.Landed], finished: dict[str, str]) -> None:
    known = archive.read(settings).finished
    archive.append_landed(settings, entries)
    for batch in dict.fromkeys(entry.batch_id for entry in entries):
        if batch in finished and batch not in known:
            archive.append_batch(settings, batch, finished[batch])


def _assert_archive_is_whole(settings: Settings) -> int:
    ledger = archive.read(settings)
    if not ledger.landed:
        raise RebuildFailed(
            f"{archive.path_of(settings)} names no file that has landed: there is nothing to rebuild "
            "from. Put the archive back from a backup, or land the inbox with `shop360 run`."
        )
    wrong = [
        finding
        for finding in check_archive(settings, ledger)
        if finding and finding.problem != "not in the ledger"
    ]
    wrong_lines = [f"line {number} of ledger.jsonl" for number in ledger.damaged]
    if wrong or wrong_lines:
        named = [f"{finding.name} is {finding.problem}" for finding in wrong]
        named += [f"{line} cannot be read" for line in wrong_lines]
        more = f"; and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
        raise RebuildFailed(
            f"The archive is not whole: {'; '.join(named[:_SHOWN])}{more}. Put {settings.archive} back "
            "from a backup. Nothing was changed."
        )
    return len(ledger.landed)


def _compare_with_last_release(
    settings: Settings, new: Settings, notes: list[str]
) -> list[TableParity] | None:
    """What the new warehouse would release, compared with what is released."""
    if not settings.released.exists():
        return None
    report_progress("compare", 0, 1, "with the last release")
    fresh = generations.release(new)
    try:
        found = compare(settings.released, fresh, grains(ensure_manifest(new)))
    except duckdb.Error as error:
        notes.append(f"The last release cannot be read ({str(error).splitlines()[0]}).")
        return None
    report_progress("compare", 1, 1, "")
    return found


def _swap(settings: Settings, new: Settings) -> Path | None:
    """Put the new warehouse in place of the old one, which is kept; returns where."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    old, log = settings.warehouse, _log_of(settings.warehouse)
    aside = settings.private / f"warehouse.damaged-{stamp}.duckdb"
    had_old = old.exists()
    if had_old:
        try:
            os.link(old, aside)
        except OSError:
            old.rename(aside)
    # The log of the old file must not be replayed into the new one.
    if log.exists():
        log.rename(_log_of(aside))
    new.warehouse.replace(old)
    if _log_of(new.warehouse).exists():
        _log_of(new.warehouse).replace(log)
    return aside if had_old else None


def _log_of(warehouse: Path) -> Path:
    return warehouse.with_name(warehouse.name + ".wal")


def _release(settings: Settings, outcome: Rebuilt) -> None:
    if settings.target != "duckdb":
        outcome.notes.append(
            f"This home builds with {settings.target}: `shop360 run` builds there and releases."
        )
        return
    outcome.released = generations.release(settings)
