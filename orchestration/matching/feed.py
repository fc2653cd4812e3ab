"""Lands pairs as the feed `crm.matches`, through landing itself: checked, archived, in the ledger.

A pair that no longer holds is landed with probability 0, since landing replaces and never deletes.
"""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.config.mapping import FeedMapping
from orchestration.config.settings import Settings
from orchestration.landing.land import land_file
from orchestration.landing.record.report import FileResult
from orchestration.matching.model import Model
from orchestration.matching.policy import MatchingError
from orchestration.system.sql import quoted

MATCHER = "shop360"
_SIDE = ("record_type", "source_system", "shop_id", "record_id")
_COLUMNS = (
    *(f"{name}_a" for name in _SIDE),
    *(f"{name}_b" for name in _SIDE),
    *("probability", "match_weight", "evidence", "model_version", "scored_at"),
)

_KEYED = (
    "md5(record_type_{0} || '|' || source_system_{0} || '|' || shop_id_{0} || '|' || record_id_{0})"
)
_CHANGES = """
create or replace table changes as
with landed as (
    select *, {key_a} as key_a, {key_b} as key_b
    from warehouse.raw.crm_matches
    where source_system = {matcher} and probability > 0
),

held as (
    select {sides}, probability, match_weight, evidence, l.record_key as key_a, r.record_key as key_b
    from scored
    inner join features as l on scored.rid_l = l.rid
    inner join features as r on scored.rid_r = r.rid
),

fresh_keys as (select record_key from features where rid in (from fresh)),

-- Pairs of records that were not looked at this time stand as they are.
given_up as (
    select landed.*
    from landed
    anti join held on landed.key_a = held.key_a and landed.key_b = held.key_b
    where landed.key_a in (from fresh_keys) or landed.key_b in (from fresh_keys)
        or landed.key_a not in (select record_key from features)
        or landed.key_b not in (select record_key from features)
)

select {columns}, probability, match_weight, evidence
from held
anti join landed on held.key_a = landed.key_a and held.key_b = landed.key_b
    and held.probability = landed.probability and held.evidence = landed.evidence
    and landed.model_version = {version}
union all by name
select {columns}, 0.0 as probability, match_weight, 'no longer holds' as evidence
from given_up
"""


def changes(con: duckdb.DuckDBPyConnection, model: Model, path: Path) -> int:
    """Write to `path`, as Parquet, what the scores change in the feed; returns the rows."""
    sides = [
        f"{side}.{name} as {name}_{letter}"
        for side, letter in (("l", "a"), ("r", "b"))
        for name in _SIDE
    ]
    con.execute(
        _CHANGES.format(
            key_a=_KEYED.format("a"),
            key_b=_KEYED.format("b"),
            matcher=quoted(MATCHER),
            version=quoted(model.version),
            sides=", ".join(sides),
            columns=", ".join(_COLUMNS[:8]),
        )
    )
    [(count,)] = con.execute("select count(*) from changes").fetchall()
    if count:
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        con.execute(
            f"copy (select *, {quoted(model.version)} as model_version, timestamp {quoted(now)} as scored_at "
            f"from changes order by all) to {quoted(str(path))} (format parquet)"
        )
    return count


def mapping_of(shop_id: str, name: str) -> FeedMapping:
    """How a file of pairs lands."""
    return FeedMapping(
        feed="crm.matches",
        place="matching",
        files=(name,),
        source_system=MATCHER,
        shop_id=shop_id,
        timezone="UTC",
        columns={name: {"from": name} for name in _COLUMNS},
    )


def land_changes(settings: Settings, shop_id: str, path: Path) -> FileResult:
    """Land the file. Raises MatchingError when landing refuses it."""
    mapping = mapping_of(shop_id, path.name)
    result = land_file(settings, mapping, path)
    if result.status != "landed" or result.counts.quarantined:
        raise MatchingError(
            f"The pairs could not be landed as crm.matches: {result.error or 'rows were refused'}. "
            "This is a fault of shop360; nothing was matched, and everything else stands."
        )
    return result
