"""A file that has the keys of all rows of its mapping, and no other column: what it lacks is withdrawn.

No row of it lands. Its rows count as unchanged, because they change nothing.
"""

from dataclasses import replace
from decimal import Decimal

import duckdb

from orchestration.config.contract import Feed
from orchestration.config.mapping import FeedMapping
from orchestration.landing.check.plan import Plan
from orchestration.landing.read.inbox import Delivery, matches
from orchestration.landing.write.sinks import Change
from orchestration.landing.write.upsert import STATUSES, Upsert, Verdict
from orchestration.system.sql import ident, quoted


def is_one(mapping: FeedMapping, delivery: Delivery) -> bool:
    """Whether a file of the mapping has nothing but keys."""
    return any(matches(pattern, delivery) for pattern in mapping.key_lists)


def reduced(feed: Feed, mapping: FeedMapping) -> tuple[Feed, FeedMapping]:
    """Feed and mapping with their key columns alone, to read such a file by."""
    columns = {name: column for name, column in feed.columns.items() if name in feed.key}
    short = replace(feed, columns=columns, cursor=None, control_totals=(), whole=(), replaces="key")
    kept = {
        "columns": {name: spec for name, spec in mapping.columns.items() if name in columns},
        "derive": {name: sql for name, sql in mapping.derive.items() if name in columns},
        "repairs": tuple(repair for repair in mapping.repairs if repair.column in columns),
        "where": {},
        "fill_down": (),
        "swapped_days": (),
    }
    return short, mapping.model_copy(update=kept)


class KeyList(Upsert):
    """Withdraws rows of raw whose keys `stage.landed_rows` lacks; `feed` is the whole feed."""

    def __init__(self, plan: Plan, feed: Feed) -> None:
        super().__init__(plan)
        self.feed = feed
        self.control = [ident(name) for name in feed.control_totals]

    def _verdicts(self) -> str:
        return f"select _row, {self.using}, 'unchanged' as _status from stage.good"

    def _mark_outdated(self, stage: duckdb.DuckDBPyConnection) -> int:
        return 0

    def _superseded(self) -> str:
        return "select _row from stage.good limit 0"

    def _summary(self, stage: duckdb.DuckDBPyConnection) -> Verdict:
        [(read,)] = stage.execute("select count(*) from stage.good").fetchall()
        counts = dict.fromkeys(STATUSES, 0) | {"unchanged": read}
        totals = {name: {"unchanged": Decimal(0)} for name in self.feed.control_totals}
        return Verdict(counts=counts, totals=totals)

    def change(self, batch: str, file: str, loaded_at: str) -> Change:
        """What leaves raw; nothing comes."""
        found = super().change(batch, file, loaded_at)
        nothing = f"select {found.columns} from raw.{self.feed.table} limit 0"
        if not found.old:
            return replace(found, rows=nothing)
        replaced = f"timestamp {quoted(loaded_at)} as _replaced_at, "
        replaced += f"{quoted(batch)} as _replaced_by_batch"
        gone = f"select {self.using} from stage.withdrawn"
        old = f"select {found.columns}, {replaced} from {self.raw} semi join ({gone}) using ({self.using})"
        return replace(
            found, rows=nothing, old=(old,), gone=f"{self.scope} and ({self.using}) in ({gone})"
        )
