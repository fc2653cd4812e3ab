"""Why an answer in metrics is blank: no rows in that time or for that filter, or a feed that is not connected."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from orchestration.config.settings import Settings
from orchestration.reports.sql_query import QueryError, Rows, fetch
from orchestration.system.sql import quoted

_SPAN = "select min(period_start_on), max(period_end_on) from marts.kpi_values where period = 'day'"
_REASONS = """
select kpi_code, mode(coverage), count(*) from marts.kpi_values
where value is null and coverage <> 'ok' and kpi_code in ({codes})
group by kpi_code order by kpi_code"""
_PARTIAL = " of several days or slices cannot be added up: name a day or slice in --group-by"


def why_blank(
    settings: Settings,
    metrics: Sequence[str],
    heads: Sequence[str],
    rows: Rows,
    start: datetime | None,
    end: datetime | None,
) -> list[str]:
    """A line for each metric without any figure; empty where all have one."""
    if outside := _outside(settings, start, end):
        return [outside]
    places = {name: heads.index(name) for name in metrics if name in heads}
    blank = [name for name in places if all(row[places[name]] is None for row in rows)]
    zero = [
        name for name in places if name not in blank and not any(row[places[name]] for row in rows)
    ]
    if not blank and not zero:
        return []
    reasons = _reasons(settings, [*blank, *zero])
    shown = [f"{name}: {reasons[name]}" for name in blank if name in reasons]
    # A count is 0 if its feed is connected, and NULL if it is not.
    shown += [
        f"{name}: {reasons[name]}"
        for name in zero
        if reasons.get(name, "").startswith(("not ", "no buyer"))
    ]
    unexplained = [name for name in blank if name not in reasons]
    if unexplained and not rows:
        shown.append(
            f"{', '.join(unexplained)}: no rows for this filter and time; drop a --where to see more."
        )
    elif unexplained:
        shown.append(
            f"{', '.join(unexplained)}: nothing to count for this filter and time, or a figure that{_PARTIAL}."
        )
    return shown


def _outside(settings: Settings, start: datetime | None, end: datetime | None) -> str | None:
    """What to say where the time that was asked for holds no day of the data."""
    [(first, last)] = _rows_of(settings, _SPAN) or [(None, None)]
    if first is None or last is None:
        return None
    begins, ends = _day(start, first), _day(end, last)
    if begins > ends:
        asked = f"{start.date() if start else 'the first day'} to {end.date() if end else 'the last day'}"
        return f"No figures from {asked}: the data run from {first} to {last}."
    return (
        None
        if begins <= last and ends >= first
        else f"No figures: the data run from {first} to {last}."
    )


def _day(given: datetime | None, otherwise: date) -> date:
    return given.date() if given else otherwise


def _reasons(settings: Settings, metrics: Sequence[str]) -> dict[str, str]:
    codes = ", ".join(map(quoted, metrics))
    return {row[0]: row[1] for row in _rows_of(settings, _REASONS.format(codes=codes))}


def _rows_of(settings: Settings, sql: str) -> Sequence[Sequence[Any]]:
    try:
        return fetch(settings, sql)[1]
    except QueryError:
        return []
