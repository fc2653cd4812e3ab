"""One matching: records that are new or changed are compared with all, and pairs land as `crm.matches`.

The steps are here in their order; each has a module of its own.
"""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.config import memory
from orchestration.config.settings import Settings
from orchestration.engines.warehouse import connect
from orchestration.matching import blocking, features, feed, scoring, state, training
from orchestration.matching import model as models
from orchestration.matching.model import Model
from orchestration.matching.policy import MatchPolicy, blocked_patterns, load_policy
from orchestration.system.sql import quoted

_MEMORY = 5 * 10**9


@dataclass(frozen=True)
class MatchReport:
    """What a matching did; `skipped` says why it did nothing, and is empty otherwise.

    `records` in all, of which `fresh` were compared with all others in `pairs`; `held` pairs are worth
    a review at least, and `changed` rows were landed.
    """

    skipped: str = ""
    model_version: str | None = None
    records: int = 0
    fresh: int = 0
    pairs: int = 0
    held: int = 0
    changed: int = 0


def match(settings: Settings, shop_id: str) -> MatchReport:
    """Match what is new. The caller holds the writer lock. Raises MatchingError with what to do."""
    policy = load_policy()
    if not policy.is_enabled:
        return MatchReport(skipped="switched off in the list `match_policy` (`lists` in shop.yml)")
    model = models.load(settings)
    with connect(settings) as con:
        seen = state.inputs_of(con, model, policy)
    before = state.remembered(settings)
    if before.get("seen") == seen:
        return MatchReport(skipped=before.get("reason") or "no record is new")
    with _work_database(settings) as (con, folder):
        report, file = _match(con, settings, policy, model, folder)
        if file:
            con.close()
            feed.land_changes(settings, shop_id, file)
    with connect(settings) as con:
        seen = state.inputs_of(con, models.load(settings), policy)
    state.remember(settings, seen, report.skipped or None)
    return report


def train(settings: Settings) -> Model | str:
    """Train a new model on what the warehouse holds, or say why none can be learned.

    The next matching scores everything by it. The caller holds the writer lock.
    """
    policy = load_policy()
    with _work_database(settings) as (con, _):
        features.build(con, blocked_patterns())
        con.execute("create or replace table fresh as select rid from features")
        model = _trained(con, settings, policy)
    return model


def _match(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    policy: MatchPolicy,
    model: Model | None,
    folder: Path,
) -> tuple[MatchReport, Path | None]:
    records = features.build(con, blocked_patterns())
    seen = state.inputs_of(con, model, policy)
    fresh = state.mark_fresh(con, settings, seen, everything=model is None)
    if model is None:
        found = _trained(con, settings, policy)
        if isinstance(found, str):
            return MatchReport(skipped=found, records=records), None
        model = found
        pairs = _count(con, "pairs")
    else:
        pairs = blocking.find_pairs(con, policy)
        features.mark_mail(con, model.domains)
    held = scoring.score(con, model, policy)
    file = folder / "matches.parquet"
    changed = feed.changes(con, model, file)
    state.remember_records(con, settings)
    report = MatchReport("", model.version, records, fresh, pairs, held, changed)
    return report, file if changed else None


def _trained(
    con: duckdb.DuckDBPyConnection, settings: Settings, policy: MatchPolicy
) -> Model | str:
    """A new model, saved, of all records; `pairs` are those of all of them."""
    blocking.find_pairs(con, policy)
    found = training.train(con, policy.min_records)
    if isinstance(found, Model):
        models.save(settings, found)
    return found


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    [(count,)] = con.execute(f"select count(*) from {table}").fetchall()
    return count


@contextmanager
def _work_database(settings: Settings) -> Generator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A connection to the warehouse whose own tables go to a database that ends with the block."""
    root = settings.scratch
    root.mkdir(parents=True, exist_ok=True)
    for leftover in root.glob("matching-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="matching-", dir=root))
    con = connect(settings)
    try:
        con.execute(
            f"set temp_directory = {quoted(str(folder / 'spill'))}; set memory_limit = '{memory.limit(_MEMORY)}'; "
            "set enable_progress_bar = false"
        )
        con.execute(f"attach {quoted(str(folder / 'work.duckdb'))} as work; use work")
        yield con, folder
    finally:
        con.close()
        shutil.rmtree(folder, ignore_errors=True)
