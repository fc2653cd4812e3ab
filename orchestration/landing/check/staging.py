"""From an opened source to `stage.landed_rows`: typed, judged, numbered rows in memory.

The stage is an attached in-memory database that a second cursor writes, so that a failing read never
aborts the transaction of the warehouse.
"""

import re
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from dataclasses import replace

import duckdb

from orchestration.config import memory
from orchestration.landing.check import doubtful_hours
from orchestration.landing.check.plan import Plan
from orchestration.system.landing_errors import FileRejected
from orchestration.system.masking import plain
from orchestration.system.sql import ident

_HOUR = re.compile("hour|小时|时段")
# Lines up to which a file is read faster without DuckDB's optimiser; twice as many would cost the same.
FEW = 1_000
MEMORY = 10**9
"""Bytes beyond which a landing goes to the disk, however large its files are."""
_LINES = 16
"""How many lines of the longest must fit into the memory."""


def run(stage: duckdb.DuckDBPyConnection, plan: Plan) -> Plan:
    """Fill `stage.landed_rows`; a file that the strict reader refuses is read again with care.

    So is one with more lines than rows, for a quote may have swallowed some.
    """
    filled = _read(stage, plan)
    if filled.has_suspects and (doubted := _doubted(stage, filled)):
        filled = _read(stage, replace(plan, doubted=doubted))
    filled.source.warnings.extend(doubtful_hours.find(stage, filled))
    stage.execute("drop table if exists stage.source_rows")
    return filled


def number_of(plan: Plan) -> str:
    """The number of a row of `stage.landed`, as a spreadsheet counts."""
    return "_number" if plan.source.row_number else f"rowid + {plan.source.first_row}"


def _doubted(stage: duckdb.DuckDBPyConnection, plan: Plan) -> frozenset[str]:
    """Columns in which one number needs a decimal comma."""
    if not (asked := plan.decimal_commas()):
        return frozenset()
    [found] = stage.execute(f"select {', '.join(asked.values())} from stage.suspects").fetchall()
    return frozenset(name for name, is_so in zip(asked, found, strict=True) if is_so)


def _read(stage: duckdb.DuckDBPyConnection, plan: Plan) -> Plan:
    try:
        filled = _fill(stage, plan)
        [(rows,)] = stage.execute("select count(*) from stage.landed").fetchall()
        if plan.source.retry is None or plan.source.lines <= rows:
            return filled
    except duckdb.Error as error:
        if plan.source.retry is None:
            raise FileRejected(f"{plan.cells.file}: cannot be read ({plain(error)})") from None
    careful = plan.source.retry()
    return _fill(stage, replace(plan, source=careful))


def _fill(stage: duckdb.DuckDBPyConnection, plan: Plan) -> Plan:
    source = plan.source
    if _LINES * source.longest > MEMORY:
        stage.execute(f"set memory_limit = '{memory.limit(_LINES * source.longest)}'")
    stage.execute("drop view if exists stage.landed_rows")
    stage.execute("drop table if exists stage.landed")
    if source.row_number is None and _loses_order(stage, plan):
        stage.execute(
            f"create or replace table stage.source_rows as select * from {source.relation}"
        )
        source = replace(
            source,
            relation="stage.source_rows",
            row_number=f"rowid + {source.first_row}",
            retry=None,
        )
        plan = replace(plan, source=source)
    if plan.cells.position(plan.mapping.fill_down) is not None:
        source = replace(source, relation=filled_down(plan), row_number="_at")
        plan = replace(plan, source=source)
    plan = _with_hours(stage, plan)
    with unoptimised(stage) if 0 < source.lines <= FEW else nullcontext():
        stage.execute(f"create table stage.landed as {plan.rows()}")
    _assert_whole(stage, plan)
    number = number_of(plan)
    stage.execute(
        f"create view stage.landed_rows as select {number} as _row, * exclude (_number, _taken) "
        "from stage.landed where _taken"
    )
    _number_repeated_hashes(stage, plan)
    return replace(plan, has_suspects=_keep_suspects(stage, plan))


def _assert_whole(stage: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Raise `FileRejected` when rows were lost or doubled between the file and the stage."""
    if plan.source.rows is not None:
        [(staged,)] = stage.execute("select count(*) from stage.landed").fetchall()
        if staged != plan.source.rows:
            raise FileRejected(
                f"{plan.cells.file}: has {plan.source.rows:,} records, but {staged:,} were read; "
                "export it again in another format, such as csv"
            )


def _keep_suspects(stage: duckdb.DuckDBPyConnection, plan: Plan) -> bool:
    """Fill `stage.suspects` if any row is bad or noted; most files have none, and none is the fast case."""
    stage.execute("drop table if exists stage.suspects")
    [(found,)] = stage.execute(
        "select count(*) from stage.landed where (_bad or _noted) and _taken and not _blank"
    ).fetchall()
    if found:
        with unoptimised(stage):
            stage.execute(f"create table stage.suspects as {plan.suspects()}")
    return bool(found)


def _with_hours(stage: duckdb.DuckDBPyConnection, plan: Plan) -> Plan:
    """The plan with the columns of days that state hours: by their header, or by any cell."""
    names = plan.days_of_another_zone()
    if not names:
        return plan
    [found] = stage.execute(plan.hours_stated(names)).fetchall()
    hourly = {name for name, states in zip(names, found, strict=True) if states}
    hourly |= {name for name in names if _HOUR.search(plan.cells.headers_of(name))}
    return replace(plan, hourly=frozenset(hourly))


@contextmanager
def unoptimised(stage: duckdb.DuckDBPyConnection) -> Generator[None, None, None]:
    """Where rows are few, planning a query over all columns costs more than running it unplanned."""
    stage.execute("pragma disable_optimizer")
    try:
        yield
    finally:
        stage.execute("pragma enable_optimizer")


def _loses_order(stage: duckdb.DuckDBPyConnection, plan: Plan) -> bool:
    """Whether rows may leave the query in another order than the file's (joins do that)."""
    if plan.cells.lookups or plan.mapping.fill_down:
        return True
    if not plan.mapping.repairs and not plan.mapping.derive:
        return False
    [(_, explained)] = stage.execute(f"explain {plan.rows()}").fetchall()
    return "JOIN" in explained


def filled_down(plan: Plan) -> str:
    """Continuation rows take the blank cells of the listed headers from the first row of their group."""
    places = [plan.cells.position((header,)) for header in plan.mapping.fill_down]
    group, *others = [place for place in places if place is not None]
    number = plan.source.row_number
    filled = ", ".join(
        f"coalesce(c{i}, first_value(c{i}) over (partition by _group order by _at)) as c{i}"
        for i in [group, *others]
    )
    starts = (
        f"c{group} is not null and c{group} is distinct from lag(c{group}) over (order by {number})"
    )
    return (
        f"(select * replace ({filled}) from (select *, sum(_start) over (order by _at) as _group "
        f"from (select *, {number} as _at, case when {starts} then 1 else 0 end as _start "
        f"from {plan.source.relation})))"
    )


def _number_repeated_hashes(stage: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """An id gets an ordinal where rows of one file repeat the key: ids of content, and where shop.yml says so."""
    keys = ", ".join(ident(name) for name in plan.feed.key)
    order = "_number" if plan.source.row_number else "rowid"
    for name, spec in plan.mapping.columns.items():
        if not spec.hash_of and not spec.number_repeats:
            continue
        column = ident(name)
        stage.execute(
            f"update stage.landed set {column} = {column} || '-' || _nth from ("
            f"select rowid as _id, row_number() over (partition by {keys} order by {order}) as _nth "
            f"from stage.landed where _taken and not _blank and {column} in (select {column} "
            f"from stage.landed where _taken group by {keys} having count(*) > 1)) as repeated "
            "where landed.rowid = repeated._id and repeated._nth > 1"
        )
