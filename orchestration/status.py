"""How the shop's warehouse is doing, as facts: runs, release, age of each feed, and what was refused.

Reads the released file and Dagster's history, never the warehouse; `status_print.py` prints it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from orchestration import faults
from orchestration.freshness import age_in_days, grace_days, rhythm_of
from orchestration.run_history import last_runs
from orchestration.settings import Settings

Row = dict[str, Any]

_RUNS = 5
_ENOUGH_DELIVERIES = 4

_FEEDS = """
with deliveries as (
    select distinct feed, source_system, cast(landed_at as date) as landed_on from meta.row_ledger
),
gaps as (
    select feed, source_system, date_diff('day', lag(landed_on) over (
        partition by feed, source_system order by landed_on), landed_on) as gap_days
    from deliveries
),
rhythms as (
    select feed, source_system, median(gap_days) as delivery_gap_days
    from gaps where gap_days is not null
    group by all having count(*) >= {enough}
)
select coverage.*, delivery_gap_days
from meta.coverage as coverage
left join rhythms using (feed, source_system)
order by feed, source_system, shop_id"""
_REFUSED = """
select feed, column_name as "column", reason_code as reason, count(*) as "rows"
from meta.quarantine
where (feed, batch_id) in (select feed, max(batch_id) from meta.row_ledger group by feed)
group by all order by 4 desc, 1, 2, 3"""
_REJECTED = """
select file_name as file, max_by(error, batch_id) as error from meta.files
where status = 'rejected' and (feed, file_name, batch_id) in (
    select (feed, file_name, max(batch_id)) from meta.files group by feed, file_name)
group by file_name order by 1"""
_CHECKS = """
select check_name as "check", severity, failure_count as failures
from meta.check_results where not is_passed order by severity, 1"""


@dataclass(frozen=True)
class Status:
    """What `shop360 status` knows; `release` is None before the first one."""

    home: str
    today: date
    runs: list[Row]
    release: Row | None = None
    feeds: tuple[Row, ...] = ()
    """Connected feeds by source and shop, with their age in days, rhythm and state."""
    not_connected: tuple[Row, ...] = ()
    refused_rows: tuple[Row, ...] = ()
    rejected_files: tuple[Row, ...] = ()
    failed_checks: tuple[Row, ...] = ()


def status(settings: Settings, today: date | None = None) -> Status:
    """The state of a home on a day, which is today by this machine's clock unless one is given."""
    today = today or datetime.now().astimezone().date()
    runs = last_runs(settings, _RUNS)
    if not settings.released.exists():
        return Status(str(settings.home), today, runs)
    with faults.opening(settings.released):
        con = duckdb.connect(str(settings.released), read_only=True)
    with con:
        coverage = _rows(con, _FEEDS.format(enough=_ENOUGH_DELIVERIES))
        return Status(
            str(settings.home),
            today,
            runs,
            _release(settings),
            tuple(_feed(row, today) for row in coverage if row["is_connected"]),
            tuple(
                {name: row[name] for name in ("feed", "en", "zh")}
                for row in coverage
                if not row["is_connected"]
            ),
            tuple(_rows(con, _REFUSED)),
            tuple(_rows(con, _REJECTED)),
            tuple(_rows(con, _CHECKS)),
        )


def _release(settings: Settings) -> Row:
    file = settings.released.resolve()
    made = datetime.fromtimestamp(file.stat().st_mtime, UTC).replace(tzinfo=None, microsecond=0)
    now = datetime.now(UTC).replace(tzinfo=None)
    return {
        "file": str(settings.released),
        "generation": file.parent.name,
        "released_at": made,
        "age_hours": round((now - made).total_seconds() / 3600, 1),
        "generations_kept": len(list(settings.serving.glob("gen-*"))),
    }


def _feed(row: Row, today: date) -> Row:
    """The columns of coverage that count, with age, rhythm and state of the feed.

    A feed whose rows have no date is as old as its last delivery, and judged by its deliveries alone.
    """
    dated = row["last_on"] is not None
    loaded_on = row["last_loaded_at"].date() if row["last_loaded_at"] else None
    rhythm = rhythm_of(
        (row["cadence"] or "on_change") if dated or row["cadence"] == "static" else "on_change",
        grace_days().get(row["feed"], 0),
        gap_count=row.get("gap_count") or 0,
        usual_gap_days=row.get("usual_gap_days"),
        long_gap_days=row.get("long_gap_days"),
        delivery_gap_days=row["delivery_gap_days"],
    )
    age = age_in_days(row["last_on"] or loaded_on, today)
    state = "static" if rhythm.name == "static" else "late" if rhythm.is_late(age) else "on time"
    kept = ("feed", "en", "zh", "source_system", "shop_id", "row_count", "first_on", "last_on")
    return {
        **{name: row[name] for name in kept},
        "last_loaded_at": row["last_loaded_at"],
        "age_days": age,
        "age_since": "last day" if dated else "last delivery",
        "rhythm": rhythm.name,
        "late_after_days": rhythm.late_after_days,
        "state": state if rhythm.name != "unknown" else "unknown",
    }


def _rows(
    con: duckdb.DuckDBPyConnection, sql: str, values: list[object] | None = None
) -> list[Row]:
    result = con.execute(sql, values or [])
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
