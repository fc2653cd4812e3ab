"""What landing writes down about a file: meta.files, row_ledger, control_totals, quarantine, repairs."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import duckdb

from orchestration.landing.check.plan import Plan
from orchestration.landing.read.inbox import Delivery
from orchestration.landing.record.report import Counts, Reason
from orchestration.landing.write.upsert import Verdict
from orchestration.system.sql import quoted

RULE_OF_SWAPS = "swapped_days: day and month were exchanged"


@dataclass(frozen=True)
class Entry:
    """One file of one mapping in one batch."""

    batch_id: str
    feed: str
    source_system: str | None
    shop_id: str | None
    delivery: Delivery
    file_hash: str
    size: int
    mapping_hash: str
    at: datetime

    @property
    def scoped(self) -> list[object]:
        """The columns that most meta tables open with."""
        return [*self.plain[:2], self.source_system, self.shop_id, *self.plain[2:]]

    @property
    def plain(self) -> list[object]:
        """The same without source system and shop."""
        return [self.batch_id, self.feed, self.delivery.name, self.file_hash]


def record_file(
    writer: duckdb.DuckDBPyConnection,
    entry: Entry,
    status: str,
    *,
    error: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    archived_as: str | None = None,
    warnings: list[str] | None = None,
    columns_read: list[str] | None = None,
) -> None:
    """One row of meta.files."""
    values = [
        *entry.scoped,
        entry.size,
        entry.delivery.modified_at,
        encoding,
        delimiter,
        status,
        error,
        archived_as,
        entry.at if status == "landed" else None,
        entry.mapping_hash,
        "\n".join(warnings) if warnings else None,
        ",".join(columns_read) if columns_read is not None else None,
    ]
    writer.execute(f"insert into meta.files values ({', '.join('?' * len(values))})", values)


def record_rows(writer: duckdb.DuckDBPyConnection, entry: Entry, counts: Counts) -> None:
    """One row of meta.row_ledger."""
    fates = [counts.accepted, counts.unchanged, counts.replaced, counts.quarantined]
    beside = [counts.left_out, counts.withdrawn]
    values = [*entry.scoped, counts.read, *fates, entry.at, *beside]
    writer.execute(f"insert into meta.row_ledger values ({', '.join('?' * len(values))})", values)


def record_totals(
    writer: duckdb.DuckDBPyConnection,
    entry: Entry,
    verdict: Verdict,
    quarantined: dict[str, Decimal],
) -> None:
    """One row of meta.control_totals per control column. Total rows and unreadable cells count nothing."""
    zero = Decimal(0)
    for name, found in verdict.totals.items():
        by_status = [
            found.get(s, zero) for s in ("accepted", "unchanged", "replaced", "replaced_before")
        ]
        bad = quarantined.get(name, zero)
        read = sum(by_status[:3], bad)
        values = [*entry.plain, name, read, *by_status, bad, found.get("withdrawn", zero)]
        writer.execute(
            f"insert into meta.control_totals values ({', '.join('?' * len(values))})", values
        )


def record_quarantine(
    writer: duckdb.DuckDBPyConnection,
    entry: Entry,
    plan: Plan,
    sums: dict[str, Decimal],
) -> None:
    """One row of meta.quarantine per bad row."""
    head = ", ".join(quoted(str(v)) for v in entry.scoped)
    at = f"timestamp {quoted(str(entry.at))}"
    if plan.has_suspects:
        bad = plan.quarantine(sums)
        writer.execute(
            f"insert into meta.quarantine select {head}, bad.*, {at} from ({bad}) as bad"
        )
    if refused := plan.source.refused:
        # Every command imports this module, and few files have such rows.
        import pyarrow as pa

        rows = pa.table(
            {
                "row_number": [row.row_number for row in refused],
                "column_name": pa.nulls(len(refused), pa.string()),
                "reason_code": [row.reason_code for row in refused],
                "reason": [row.reason for row in refused],
                "payload": [row.payload for row in refused],
            }
        )
        writer.register("refused_rows", rows)
        writer.execute(f"insert into meta.quarantine select {head}, *, {at} from refused_rows")
        writer.unregister("refused_rows")


def reasons(writer: duckdb.DuckDBPyConnection, entry: Entry) -> list[Reason]:
    """What `record_quarantine` has just written, one fact per column and code."""
    found = writer.execute(
        """select feed, file_name, column_name, reason_code, count(*), min(row_number),
            arg_min(reason, row_number)
        from meta.quarantine
        where batch_id = $1 and feed = $2 and file_name = $3 and file_hash = $4
            and source_system is not distinct from $5 and shop_id is not distinct from $6
        group by all order by 5 desc, 3, 4""",
        [*entry.plain, entry.source_system, entry.shop_id],
    ).fetchall()
    return [Reason(*row) for row in found]


def record_swapped(
    writer: duckdb.DuckDBPyConnection, entry: Entry, columns: tuple[str, ...]
) -> None:
    """One row of meta.repairs per date whose day and month landing swapped back; times are local."""
    try:
        found = writer.execute("select * from stage.swapped order by 1, 3").fetchall()
    except duckdb.CatalogException:
        return
    rows = [
        [*entry.plain, number, column, str(old), str(new), RULE_OF_SWAPS, entry.at]
        for column, _, number, old, new in found
        if column in columns
    ]
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        writer.executemany(f"insert into meta.repairs values ({marks})", rows)


def record_repairs(writer: duckdb.DuckDBPyConnection, entry: Entry, plan: Plan) -> None:
    """One row of meta.repairs per value that landing changed."""
    head = ", ".join(quoted(str(v)) for v in entry.plain)
    at = f"timestamp {quoted(str(entry.at))}"
    if plan.has_suspects and (query := plan.repairs()):
        writer.execute(
            f"insert into meta.repairs select {head}, changed.*, {at} from ({query}) as changed"
        )
