"""The state of a home as facts: runs, release, age of each feed, checks that did not pass.

It reads the released file and Dagster's history. Refused rows are in `landing_print.py`, the screen is in
`status_print.py`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from orchestration.config.settings import Settings
from orchestration.messages.deliveries import failures
from orchestration.quality import failed_checks
from orchestration.reports.feed_ages import FeedAge, feed_ages_of
from orchestration.reports.run_history import last_runs
from orchestration.reports.stale_sources import stale
from orchestration.system import faults

Row = dict[str, Any]

_RUNS = 5

_NOT_CONNECTED = """
select feed, any_value(en) as en, any_value(zh) as zh from meta.coverage
group by feed having not bool_or(is_connected) order by feed"""
_LEFT_OUT = """
select kind, reason, currency, sum(row_count)::bigint as "rows", sum(amount) as amount,
    min(first_on) as first_on, max(last_on) as last_on
from meta.left_out_money group by kind, reason, currency order by amount desc nulls last, 1, 2"""
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
    left_out: tuple[Row, ...] = ()
    """Money that no KPI contains, with the reason."""
    failed_checks: tuple[Row, ...] = ()
    """With `rows`, the first that failed: keys, days and amounts."""
    failed_messages: tuple[Row, ...] = ()
    """Places of shop.yml whose last message could not be sent."""
    stale_sources: tuple[Row, ...] = ()
    """Databases and APIs whose last fetch failed, with the reason."""


def status(settings: Settings, today: date | None = None) -> Status:
    """The state of a home on a day, which is today by this machine's clock unless one is given."""
    today = today or datetime.now().astimezone().date()
    runs = last_runs(settings, _RUNS)
    failed = failed_checks.read(settings)
    if not settings.released.exists():
        return Status(
            str(settings.home),
            today,
            runs,
            failed_checks=failed or (),
            failed_messages=failures(settings),
            stale_sources=stale(settings),
        )
    with faults.opening(settings.released):
        con = duckdb.connect(str(settings.released), read_only=True)
    with con:
        return Status(
            str(settings.home),
            today,
            runs,
            _release(settings),
            tuple(_feed(age) for age in feed_ages_of(con, today)),
            tuple(_rows(con, _NOT_CONNECTED)),
            left_out_money(con),
            tuple(_rows(con, _CHECKS)) if failed is None else failed,
            failures(settings),
            stale(settings),
        )


def left_out_money(con: duckdb.DuckDBPyConnection) -> tuple[Row, ...]:
    """Money of the release that no KPI contains; a release of an earlier version does not say."""
    known = _rows(con, "select 1 from duckdb_tables() where table_name = 'left_out_money'")
    return tuple(_rows(con, _LEFT_OUT)) if known else ()


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


def _feed(age: FeedAge) -> Row:
    rhythm = {"rhythm": age.rhythm.name, "late_after_days": age.rhythm.late_after_days}
    facts = {name: value for name, value in vars(age).items() if name != "rhythm"}
    return {**facts, "age_since": age.age_since, **rhythm, "state": age.state}


def _rows(
    con: duckdb.DuckDBPyConnection, sql: str, values: list[object] | None = None
) -> list[Row]:
    result = con.execute(sql, values or [])
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
