"""Dates whose day and month a spreadsheet exchanged: found, and swapped back where shop.yml says so.

A spreadsheet that expects the month first reads 05/03 as the 3rd of May and leaves 25/03 alone. So
rows with a day above 12 are sure. A row is swapped if its date lies outside the sure dates around
it, in the order of the file or of its ids, and inside them with day and month exchanged. In a file
of up to two months that has no such order, all sure dates are compared.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb

from orchestration.config.contract import Column
from orchestration.landing.check import parsing
from orchestration.landing.check.plan import Plan
from orchestration.landing.check.staging import number_of
from orchestration.landing.write.upsert import Upsert
from orchestration.system.sql import ident

_FEWEST = 3
"""Rows that it takes to speak of exchanged days, sure ones and exchanged ones."""
_SLACK, _STEP, _SPAN = 15, 40, 62
"""Days: around the neighbours, between sure rows of a file in order, of all sure rows of one without."""
_IN_ORDER = 0.98
_SORTED = 100_000
"""Rows up to which the order of the ids is tried."""
_BACK = 0.3
"""Share of ids that may be smaller than the one before in a file that was sorted by wrong days."""
_SHOWN = 5
_SURE = "case when day(d) > 12 then d end"
_ALL = f"select *, min({_SURE}) over () as low, max({_SURE}) over () as high from stage.days"


@dataclass(frozen=True)
class _Dates:
    """One column: its local date or time, exact, and a quick estimate of the local day."""

    name: str
    local: str
    day: str


def find(stage: duckdb.DuckDBPyConnection, plan: Plan, upsert: Upsert) -> list[str]:
    """Fill `stage.swapped` (column, row, exchanged and right value) and warn. Most files have none.

    Columns that `swapped_days` lists are corrected in `stage.landed`.
    """
    stage.execute("drop table if exists stage.swapped")
    dates = _columns(plan)
    stated = [one for one in dates if plan.mapping.columns[one.name].groups]
    watched = [one for one in stated if plan.feed.columns[one.name].required] or stated[:1]
    listed = [one for one in dates if one.name in plan.mapping.swapped_days]
    suspected = [one for one in watched if _is_suspect(stage, one, upsert)]
    if not suspected and not listed:
        return []
    warnings = []
    stage.execute(
        "create table stage.swapped (column_name varchar, id bigint, row_number bigint, "
        "old timestamp, new timestamp)"
    )
    for one in dates if suspected else listed:
        if _fill(stage, plan, upsert, one):
            warnings.append(_warning_of(stage, plan, one))
            if one in listed:
                _correct(stage, plan, one)
    return warnings


def _columns(plan: Plan) -> list[_Dates]:
    zone = plan.mapping.timezone
    found = []
    for name in plan.mapping.columns:
        column: Column = plan.feed.columns[name]
        if column.data_type == "date":
            found.append(_Dates(name, ident(name), ident(name)))
        elif column.data_type == "timestamp":
            offset = ZoneInfo(zone).utcoffset(datetime(2024, 1, 1))
            minutes = int(offset.total_seconds() // 60) if offset else 0
            local = parsing.local_time(ident(name), zone)
            day = f"cast({ident(name)} + to_minutes({minutes}) as date)"
            found.append(_Dates(name, local, day))
    return found


def _is_suspect(stage: duckdb.DuckDBPyConnection, dates: _Dates, upsert: Upsert) -> bool:
    """A quick look: whether an exchange closes a jump of days, or ids now and then go back in a file sorted by day."""
    [(rows, sure, unsure, jumps)] = stage.execute(
        "select count(*), count(*) filter (day(d) > 12), "
        "count(*) filter (day(d) <= 12 and day(d) <> month(d)), "
        f"count(*) filter (case when abs(d - before) > {_SLACK} then "
        f"abs({_exchanged('d')} - before) <= {_SPAN} or abs(d - {_exchanged('before')}) <= {_SPAN} end) from "
        f"(select d, lag(d) over () as before from (select {dates.day} as d from stage.landed))"
    ).fetchall()
    if min(sure, unsure) < _FEWEST or jumps or rows > _SORTED or not upsert.keys:
        return min(sure, unsure) >= _FEWEST and jumps > 0
    [(back,)] = stage.execute(
        "select count(*) filter (length(k0) < length(before) or length(k0) = length(before) and k0 < before) "
        "from (select k0, lag(k0) over () as before from "
        f"(select cast({upsert.keys[0]} as varchar) as k0 from stage.landed))"
    ).fetchall()
    return 0 < back < rows * _BACK


def _exchanged(day: str) -> str:
    return f"try(make_date(year({day}), day({day}), month({day})))"


def _fill(stage: duckdb.DuckDBPyConnection, plan: Plan, upsert: Upsert, dates: _Dates) -> bool:
    """Note the exchanged dates of a column, by the first order that the sure dates follow and others do not."""
    stage.execute(
        f"create or replace table stage.days as select rowid as id, {number_of(plan)} as row_number, "
        f"{dates.local} as moment, cast({dates.local} as date) as d{_keys(upsert)} from stage.landed "
        f"where {ident(dates.name)} is not null and _taken and not _bad and not _blank"
    )
    [(rows, sure, span)] = stage.execute(
        "select count(*), count(*) filter (day(d) > 12), "
        "max(d) filter (day(d) > 12) - min(d) filter (day(d) > 12) from stage.days"
    ).fetchall()
    if sure < _FEWEST:
        return False
    orders = ["row_number"]
    if rows <= _SORTED and upsert.keys:
        orders.append("length(k0), k0, row_number")
    ways = [_between(order) for order in orders if _follows(stage, order)]
    if not ways and span <= _SPAN:
        ways = [_ALL]
    return any(_note(stage, dates.name, way) for way in ways)


def _note(stage: duckdb.DuckDBPyConnection, name: str, way: str) -> bool:
    outside = f"not between low - {_SLACK} and high + {_SLACK}"
    stage.execute(
        f"insert into stage.swapped select '{name}', id, row_number, moment, "
        "swapped + (moment - cast(d as timestamp)) from "
        f"(select *, {_exchanged('d')} as swapped from ({way}) "
        "where day(d) <= 12 and day(d) <> month(d)) "
        f"where d {outside} and not (swapped {outside})"
    )
    [(count,)] = stage.execute(
        f"select count(*) from stage.swapped where column_name = '{name}'"
    ).fetchall()
    if count < _FEWEST:
        stage.execute(f"delete from stage.swapped where column_name = '{name}'")
    return count >= _FEWEST


def _keys(upsert: Upsert) -> str:
    return f", cast({upsert.keys[0]} as varchar) as k0" if upsert.keys else ""


def _follows(stage: duckdb.DuckDBPyConnection, order: str) -> bool:
    """Whether the sure dates go up, or down, step by step; two days back are no disorder."""
    [(steps, up, down)] = stage.execute(
        f"select count(*), count(*) filter (step between -2 and {_STEP}), "
        f"count(*) filter (step between -{_STEP} and 2) from (select d - lag(d) over "
        f"(order by {order}) as step from stage.days where day(d) > 12) where step is not null"
    ).fetchall()
    return max(up, down) >= steps * _IN_ORDER


def _between(order: str) -> str:
    """Every row with the sure dates before and after it."""
    return (
        f"select *, least(p, n) as low, greatest(p, n) as high from (select *, "
        f"last_value({_SURE} ignore nulls) over (order by {order} rows between unbounded preceding "
        f"and current row) as p, first_value({_SURE} ignore nulls) over (order by {order} "
        "rows between current row and unbounded following) as n from stage.days)"
    )


def _warning_of(stage: duckdb.DuckDBPyConnection, plan: Plan, dates: _Dates) -> str:
    rows = stage.execute(
        "select row_number, count(*) over () from stage.swapped where column_name = $1 "
        f"order by 1 limit {_SHOWN}",
        [dates.name],
    ).fetchall()
    count = rows[0][1]
    more = f" and {count - len(rows):,} more" if count > len(rows) else ""
    shown = ", ".join(str(row) for row, _ in rows) + more
    if dates.name in plan.mapping.swapped_days:
        return f"{dates.name}: day and month of rows {shown} were swapped back; see meta.repairs"
    return (
        f"{dates.name}: day and month of rows {shown} seem to be exchanged, as spreadsheets do with days "
        "up to 12: they do not fit the rows around them; export the file again without opening it in a "
        f"spreadsheet, or add `swapped_days: [{dates.name}]` to {plan.mapping.place} of shop.yml"
    )


def _correct(stage: duckdb.DuckDBPyConnection, plan: Plan, dates: _Dates) -> None:
    column = plan.feed.columns[dates.name]
    value = "cast(new as date)"
    if column.data_type == "timestamp":
        value = parsing.utc_time("new", plan.mapping.timezone)
    mine = f"from stage.swapped as swapped where swapped.id = landed.rowid and column_name = '{dates.name}'"
    stage.execute(f"update stage.landed set {ident(dates.name)} = {value} {mine}")
    stage.execute(f"update stage.landed set _row_hash = {plan.content_hash()} {mine}")
