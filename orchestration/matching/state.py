"""What matching remembers between runs: which records it has seen, as they were, and by which model.

Two files of the home: a note that tells at a glance whether anything is new, and the records with the
hash of their rows. Forgetting them costs a full run and changes nothing.
"""

import json
from dataclasses import asdict
from typing import Any

import duckdb

from orchestration.config.settings import Settings
from orchestration.matching.model import Model, folder
from orchestration.matching.policy import MatchPolicy
from orchestration.system.sql import quoted

_METHOD = 3
"""Raise it when the same records would be compared otherwise than before."""


def inputs_of(
    con: duckdb.DuckDBPyConnection, model: Model | None, policy: MatchPolicy
) -> dict[str, Any]:
    """What decides whether there is anything to do, read in milliseconds."""
    records = {
        table: list(
            con.execute(f"select count(*), max(_batch_id) from warehouse.raw.{table}").fetchall()[0]
        )
        for table in ("crm_customers", "erp_customers")
    }
    return {
        "method": _METHOD,
        "model": model.version if model else None,
        "policy": asdict(policy),
        "records": records,
    }


def remembered(settings: Settings) -> dict[str, Any]:
    """The note of the last run: its inputs under `seen`, and `reason` where it could match nothing."""
    try:
        return json.loads((folder(settings) / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def remember(settings: Settings, seen: dict[str, Any], reason: str | None) -> None:
    """Write the note, after everything else of a run."""
    path = folder(settings) / "state.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps({"seen": seen, "reason": reason}, indent=1), encoding="utf-8")
    draft.replace(path)


def mark_fresh(
    con: duckdb.DuckDBPyConnection, settings: Settings, seen: dict[str, Any], *, everything: bool
) -> int:
    """Fill `fresh` with the records that are new or changed since they were scored in this way."""
    path = folder(settings) / "records.parquet"
    before = remembered(settings).get("seen", {})
    same_way = all(before.get(key) == seen[key] for key in ("method", "model", "policy"))
    known = ""
    if path.exists() and same_way and not everything:
        known = (
            f"anti join read_parquet({quoted(str(path))}) as known "
            "on features.record_key = known.record_key and features.row_hash = known.row_hash"
        )
    con.execute(f"create or replace table fresh as select rid from features {known}")
    [(count,)] = con.execute("select count(*) from fresh").fetchall()
    return count


def remember_records(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Keep the records as they are now."""
    path = folder(settings) / "records.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    con.execute(
        f"copy (select record_key, row_hash from features) to {quoted(str(draft))} (format parquet)"
    )
    draft.replace(path)
