"""One file's rows into raw, by the contract's key: accepted, unchanged or replaced, and what they replaced.

What a re-export no longer has is withdrawn (`withdraw.py`).

The rules are sequential (rows in order of cursor, then row number, each compared to the version that
is current by then), the SQL is not: every step handles all rows at once.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import duckdb

from orchestration.config.contract import Feed
from orchestration.landing.check.plan import Plan
from orchestration.landing.write import outdated, withdraw
from orchestration.landing.write.sinks import Change
from orchestration.landing.write.tables import LINEAGE
from orchestration.system.sql import ident, quoted

STATUSES = ("accepted", "unchanged", "replaced")


@dataclass
class Verdict:
    """What became of a file's rows: counts by status and control totals by column and status."""

    counts: dict[str, int] = field(default_factory=dict)
    totals: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    contradictions: int = 0
    withdrawn: int = 0
    outdated: int = 0
    """Rows that are older than those of raw; they count as unchanged."""
    in_doubt: int = 0
    """Rows of raw that the file lacks although it has others of their order or day; they stay."""


class Upsert:
    """Judges `stage.landed_rows` against raw with the stage's cursor, then says what to write."""

    def __init__(self, plan: Plan) -> None:
        self.feed: Feed = plan.feed
        self.mapping = plan.mapping
        self.file = plan.cells.file
        self.rows_of_file = "stage.landed_rows"
        """Where several mappings of a feed divide a file, `stage.landed`, which has the rows of all."""
        fixed = {
            name: value
            for name, value in (
                ("source_system", plan.mapping.source_system),
                ("shop_id", plan.mapping.shop_id),
            )
            if name not in plan.mapping.columns and name not in plan.mapping.derive
        }
        self.keys = [ident(name) for name in self.feed.key if name not in fixed]
        self.scope = (
            " and ".join(f"{name} = {quoted(value)}" for name, value in fixed.items()) or "true"
        )
        self.using = ", ".join(self.keys)
        cursor = f"{ident(self.feed.cursor)} asc nulls first, " if self.feed.cursor else ""
        self.order = f"{cursor}_row"
        self.control = [ident(name) for name in self.feed.control_totals]
        self.all_new = False

    @property
    def raw(self) -> str:
        """The rows of raw that this mapping can meet."""
        return f"(select * from raw.{self.feed.table} where {self.scope})"

    def judge(
        self, stage: duckdb.DuckDBPyConnection, batch: str, modified_at: datetime, meaning: str
    ) -> Verdict:
        """Fill `stage.verdicts` (row, status, control values before), `stage.superseded` and `stage.withdrawn`.

        `modified_at` is the age of the file, `meaning` the hash of its mapping.
        """
        stage.execute(
            "create or replace view stage.good as select * from stage.landed_rows "
            "where not _bad and not _blank"
        )
        stage.execute(
            f"create or replace table stage.repeated as select {self.using} "
            "from stage.good group by all having count(*) > 1"
        )
        stage.execute(f"create or replace table stage.verdicts as {self._verdicts()}")
        keys = ", ".join(ident(name) for name in self.feed.key)
        outdated.compare_files(stage, self.feed, modified_at, meaning)
        older = self._mark_outdated(stage)
        stage.execute(f"create or replace table stage.superseded as {self._superseded()}")
        in_doubt = withdraw.find(
            stage, self.feed, self.mapping, self.raw, batch, self.file, self.rows_of_file
        )
        if withdraw.mode_of(self.feed, self.mapping, self.file) != "key":
            outdated.keep_newer(stage, keys)
        verdict = self._summary(stage)
        verdict.in_doubt, verdict.outdated = in_doubt, older
        self._sum_withdrawn(stage, verdict)
        self.all_new = verdict.counts["unchanged"] == verdict.counts["replaced"] == 0
        self.all_new = self.all_new and not verdict.withdrawn
        return verdict

    def _mark_outdated(self, stage: duckdb.DuckDBPyConnection) -> int:
        return outdated.mark(stage, self.feed, self.raw, self.using)

    def _sum_withdrawn(self, stage: duckdb.DuckDBPyConnection, verdict: Verdict) -> None:
        sums = "".join(f", sum({column})" for column in self.control)
        keys = ", ".join(ident(name) for name in self.feed.key)
        [(verdict.withdrawn, *values)] = stage.execute(
            f"select count(*){sums} from {self.raw} semi join stage.withdrawn using ({keys})"
        ).fetchall()
        for name, value in zip(self.feed.control_totals, values, strict=True):
            verdict.totals[name]["withdrawn"] = value or Decimal(0)

    def _verdicts(self) -> str:
        lagged = "".join(f", lag({c}) over sequence as _lag{i}" for i, c in enumerate(self.control))
        absent = "".join(f", null as _lag{i}" for i in range(len(self.control)))
        values = "".join(f", {c}" for c in self.control)
        narrow = f"_row, {self.using}, _row_hash{values}"
        before = "".join(
            f", case when _first then current.{c} else _lag{i} end as _before{i}"
            for i, c in enumerate(self.control)
        )
        on = " and ".join(f"current.{key} = chained.{key}" for key in self.keys)
        own = ", ".join(f"chained.{name}" for name in ["_row", *self.keys, *self.control])
        return (
            f"with single as (select {narrow} from stage.good anti join stage.repeated using ({self.using})), "
            f"several as (select * from stage.good semi join stage.repeated using ({self.using})), "
            f"chained as (select {narrow}, true as _first, null as _lag_hash{absent} from single "
            f"union all select {narrow}, row_number() over sequence = 1, lag(_row_hash) over sequence{lagged} "
            f"from several window sequence as (partition by {self.using} order by {self.order})) "
            f"select {own}, case when not _first then "
            "case when _lag_hash = chained._row_hash then 'unchanged' else 'replaced' end "
            "when current._row_hash is null then 'accepted' "
            "when current._row_hash = chained._row_hash then 'unchanged' else 'replaced' end as _status"
            f"{before} from chained left join {self.raw} as current on {on}"
        )

    def _superseded(self) -> str:
        """Versions that a later row of the same file replaced."""
        return (
            f"select _row from (select _row, lead(_row) over (partition by {self.using} "
            f"order by {self.order}) as _next from stage.good "
            f"semi join stage.repeated using ({self.using}) "
            "where _row in (select _row from stage.verdicts where _status <> 'unchanged')) "
            "where _next is not null"
        )

    def _summary(self, stage: duckdb.DuckDBPyConnection) -> Verdict:
        verdict = Verdict(counts=dict.fromkeys(STATUSES, 0))
        sums = "".join(
            f", sum({c}), sum(case when _status = 'replaced' then _before{i} end)"
            for i, c in enumerate(self.control)
        )
        rows = stage.execute(
            f"select _status, count(*){sums} from stage.verdicts group by _status"
        ).fetchall()
        verdict.totals = {name: {} for name in self.feed.control_totals}
        for status, count, *values in rows:
            verdict.counts[status] = count
            for i, name in enumerate(self.feed.control_totals):
                verdict.totals[name][status] = values[2 * i] or Decimal(0)
                if status == "replaced":
                    verdict.totals[name]["replaced_before"] = values[2 * i + 1] or Decimal(0)
        verdict.contradictions = self._contradictions(stage)
        return verdict

    def _contradictions(self, stage: duckdb.DuckDBPyConnection) -> int:
        """How many keys stand in the file with differing content."""
        [(count,)] = stage.execute(
            "select count(*) from (select 1 from stage.good semi join stage.repeated "
            f"using ({self.using}) group by {self.using} having count(distinct _row_hash) > 1)"
        ).fetchall()
        return count

    def change(self, batch: str, file: str, loaded_at: str) -> Change:
        """What the judged rows do to raw and history, as queries for the sink."""
        columns = ", ".join([*map(ident, self.feed.columns), *LINEAGE])
        lineage = f"{quoted(batch)} as _batch_id, {quoted(file)} as _file, _row, "
        lineage += f"timestamp {quoted(loaded_at)} as _loaded_at, _row_hash, _extra"
        landed = f"select {', '.join(map(ident, self.feed.columns))}, {lineage}"
        if self.all_new:
            return Change(self.feed.table, columns, batch, f"{landed} from stage.good")
        replaced = f"timestamp {quoted(loaded_at)} as _replaced_at, "
        replaced += f"{quoted(batch)} as _replaced_by_batch"
        gone = f"select {self.using} from stage.verdicts where _status = 'replaced' "
        gone += f"union all select {self.using} from stage.withdrawn"
        return Change(
            self.feed.table,
            columns,
            batch,
            rows=f"{landed} from stage.good semi join (select _row from stage.verdicts where "
            "_status <> 'unchanged' and _row not in (select _row from stage.superseded)) using (_row)",
            old=(
                f"select {columns}, {replaced} from {self.raw} semi join ({gone}) using ({self.using})",
                f"{landed}, {replaced} from stage.good "
                "where _row in (select _row from stage.superseded)",
            ),
            gone=f"{self.scope} and ({self.using}) in ({gone})",
        )
