"""Local times that a clock runs through twice, or skips, when it is set back or forward: a warning with their count.

Such a time is no certain moment: it is read as the later of the two, or as the hour after the skipped one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import duckdb

from orchestration.landing.check import parsing, row_filter
from orchestration.landing.check.cells import text_of
from orchestration.landing.check.plan import Plan
from orchestration.system.sql import ident

_EARLIEST, _LATEST = 1970, 2099
_STEP = timedelta(days=7)
"""No zone changes its clock twice within so short a time."""
_OFFSET = r":[0-9.]+ ?(Z|UTC|GMT|[+-][0-9]{2}:?([0-9]{2})?)$"


@dataclass(frozen=True)
class _Change:
    """A local span that a clock runs through twice, or skips."""

    start: datetime
    end: datetime
    is_skipped: bool


def find(stage: duckdb.DuckDBPyConnection, plan: Plan) -> list[str]:
    """A warning per column and kind, with the count of rows; zones without clock changes cost nothing."""
    warnings = []
    for name in plan.mapping.columns:
        if plan.feed.columns[name].data_type == "timestamp" and _is_naive(plan, name):
            [(first, last)] = stage.execute(
                f"select min({ident(name)}), max({ident(name)}) from stage.landed"
            ).fetchall()
            if first is None:
                continue
            years = max(first.year, _EARLIEST), min(last.year, _LATEST)
            changes = _changes(plan.mapping.timezone, *years)
            for is_skipped in (False, True):
                spans = [change for change in changes if change.is_skipped == is_skipped]
                if spans and (warning := _warning(stage, plan, name, spans)):
                    warnings.append(warning)
    return warnings


def _is_naive(plan: Plan, name: str) -> bool:
    formats = plan.mapping.columns[name].format
    return not any(fmt.startswith("epoch") or "%z" in fmt.lower() for fmt in formats)


@cache
def _changes(zone: str, first_year: int, last_year: int) -> list[_Change]:
    """The clock changes of a zone in these years."""
    info = ZoneInfo(zone)

    def offset(at: datetime) -> timedelta:
        return info.utcoffset(at.replace(tzinfo=UTC).astimezone(info)) or timedelta()

    found = []
    day, end = datetime(first_year, 1, 1) - _STEP, datetime(last_year, 12, 31) + _STEP
    while day < end:
        before, after = offset(day), offset(day + _STEP)
        if before != after:
            low, high = day, day + _STEP
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if offset(middle) == before else (low, middle)
            at = high.replace(second=0, microsecond=0)
            start, stop = sorted((at + before, at + after))
            found.append(_Change(start, stop, after > before))
        day += _STEP
    return found


def _warning(
    stage: duckdb.DuckDBPyConnection, plan: Plan, name: str, changes: list[_Change]
) -> str | None:
    formats = plan.mapping.columns[name].format
    text, iso = text_of(name), plan.iso_dates or not formats
    spans = " or ".join(
        f"local >= timestamp '{one.start}' and local < timestamp '{one.end}'" for one in changes
    )
    layers = f"source_cells as (select * from {plan.source.relation}), {', '.join(plan.texts())}"
    [(count, first)] = stage.execute(
        f"with {layers} select count(*), min(local) from (select {text} as said, "
        f"{parsing.timestamp(text, formats, 'UTC', iso)} as local from texts where {row_filter.taken(plan.cells)}) "
        f"where ({spans}) and not regexp_matches(said, '{_OFFSET}')"
    ).fetchall()
    if not count:
        return None
    what = (
        "are skipped by the clock there, and are read as an hour later"
        if changes[0].is_skipped
        else "come twice there when the clock is set back, and are read as the later ones"
    )
    return (
        f"{name}: {count:,} local times of {plan.mapping.timezone}, the first {first:%Y-%m-%d %H:%M}, {what}; "
        "export times with their offset from UTC, or in UTC with `timezone: UTC`"
    )
