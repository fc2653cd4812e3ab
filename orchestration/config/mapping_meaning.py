"""What is wrong with a mapping whose keys and types are right: columns, patterns and SQL against the contract."""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import duckdb

from orchestration.config import conditions
from orchestration.config.contract import Feed
from orchestration.config.mapping import SCOPE, FeedMapping
from orchestration.config.yaml_file import near

Problem = tuple[str, str]
"""A place in shop.yml, such as `feeds.erp.orders[0].timezone`, and what to do there."""


def problems(feed: Feed, mapping: FeedMapping) -> Iterator[Problem]:
    """Every problem of a mapping, in the order of its keys."""
    yield from _rows(feed, mapping)
    if unknown := _unknown_columns(feed, mapping):
        yield mapping.place, unknown
        return
    yield from _columns(feed, mapping)
    for name in mapping.swapped_days:
        yield from _swapped(feed, mapping, name)
    for where, text in _patterns(mapping):
        try:
            re.compile(text)
        except re.error as error:
            yield f"{mapping.place}.{where}", f"{text!r} is no regular expression: {error}"
    for where, expression, data_type in _expressions(feed, mapping):
        if trouble := _sql_trouble(feed, expression, data_type):
            yield f"{mapping.place}.{where}", f"not SQL over {feed.code}: {trouble}"


def _rows(feed: Feed, mapping: FeedMapping) -> Iterator[Problem]:
    """Time zone, conditions, replacement and numbering of rows."""
    place = mapping.place
    try:
        ZoneInfo(mapping.timezone)
    except (ValueError, OSError, LookupError):
        yield f"{place}.timezone", f"unknown time zone {mapping.timezone!r}"
    for header, texts in mapping.where.items():
        for text in filter(None, map(conditions.problem, texts)):
            yield f"{place}.where.{header}", text
    if mapping.replaces not in (None, "key", feed.replaces):
        known = " or ".join(dict.fromkeys(("key", feed.replaces)))
        yield f"{place}.replaces", f"{feed.code} is replaced by {known}"
    for name, spec in mapping.columns.items():
        if spec.number_repeats and name not in feed.key:
            text = f"number_repeats is for a key: {', '.join(feed.key)}"
            yield f"{place}.columns.{name}", text


def _unknown_columns(feed: Feed, mapping: FeedMapping) -> str | None:
    for name in set(mapping.derive) | {repair.column for repair in mapping.repairs}:
        if name not in feed.columns:
            return f"{feed.code} has no column {name!r}; {near(name, feed.columns)}"
    return None


def _columns(feed: Feed, mapping: FeedMapping) -> Iterator[Problem]:
    """Required columns, headers, and columns that a file may lack."""
    place = mapping.place
    given = {*mapping.columns, *mapping.derive, *(repair.column for repair in mapping.repairs)}
    for column in feed.columns.values():
        known = column.name in given or column.name in SCOPE or column.default is not None
        if column.required and not known:
            yield f"{place}.columns", f"required column {column.name} is not mapped"
    if mapping.header and (mapping.header_row or mapping.header_rows > 1):
        yield f"{place}.header", "a file without headers has no header_row or header_rows"
    for name in mapping.may_lack:
        if name not in mapping.columns or not mapping.columns[name].groups:
            known = [column for column, spec in mapping.columns.items() if spec.groups]
            yield f"{place}.may_lack", f"no column {name!r} with a header; {near(name, known)}"


def _swapped(feed: Feed, mapping: FeedMapping, name: str) -> Iterator[Problem]:
    place = f"{mapping.place}.swapped_days"
    dates = [
        column
        for column in mapping.columns
        if feed.columns[column].data_type in ("date", "timestamp")
    ]
    if name not in dates:
        yield place, f"no mapped date {name!r}; {near(name, dates)}"
    elif name in mapping.derive or any(repair.column == name for repair in mapping.repairs):
        yield place, f"{name} has a rule of its own in derive or repairs; leave one out"


def _patterns(mapping: FeedMapping) -> list[tuple[str, str]]:
    found = []
    for name, spec in mapping.columns.items():
        found += [(f"columns.{name}.replace", pattern) for pattern in spec.replace]
        if spec.file_name:
            found.append((f"columns.{name}.file_name", spec.file_name))
    return found


def _expressions(feed: Feed, mapping: FeedMapping) -> list[tuple[str, str, str]]:
    types = {name: column.data_type for name, column in feed.columns.items()}
    found = [(f"derive.{name}", sql, types[name]) for name, sql in mapping.derive.items()]
    for i, repair in enumerate(mapping.repairs):
        found.append((f"repairs[{i}].when", repair.when, "boolean"))
        found.append((f"repairs[{i}].value", repair.value, types[repair.column]))
    return found


def _sql_trouble(feed: Feed, expression: str, data_type: str) -> str | None:
    columns = ", ".join(f'cast(null as {c.data_type}) as "{c.name}"' for c in feed.columns.values())
    with duckdb.connect(":memory:") as con:
        try:
            con.execute(
                f"select cast(({expression}) as {data_type}) from (select {columns}) limit 0"
            )
        except duckdb.Error as error:
            return str(error).split("\n\n")[0].replace("\n", " ")
    return None
