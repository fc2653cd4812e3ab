"""Value maps that live in another file of the inbox (`map: {file, key, value}`)."""

from pathlib import Path

import duckdb

from orchestration.config.mapping import NULLS, FeedMapping, Lookup
from orchestration.landing.check import cells
from orchestration.landing.read import headers, inbox, readers
from orchestration.landing.read.inbox import Delivery
from orchestration.landing.read.source import Reading, Wanted
from orchestration.system.landing_errors import FileRejected


def of(mapping: FeedMapping) -> list[Lookup]:
    """The lookups that a mapping uses."""
    return [spec.map for spec in mapping.columns.values() if isinstance(spec.map, Lookup)]


def delivery_of(lookup: Lookup, deliveries: tuple[Delivery, ...]) -> Delivery:
    """The newest file of the inbox that the lookup means. Raises `FileRejected` when there is none."""
    found = [delivery for delivery in deliveries if inbox.matches(lookup.file, delivery)]
    if not found:
        raise FileRejected(f"the lookup file {lookup.file} is not in the inbox; put it there")
    return found[-1]


def load(
    stage: duckdb.DuckDBPyConnection, alias: str, lookup: Lookup, delivery: Delivery, folder: Path
) -> None:
    """Fill `stage.<alias>` (k, v); of a key that stands there twice the last row counts."""
    copy = folder / f"{alias}{delivery.suffix}"
    inbox.fetch(delivery, copy)
    want = Wanted(
        f"the lookup {lookup.file} in shop.yml",
        (("key", (lookup.key,)), ("value", (lookup.value,))),
    )
    reading = Reading(delivery.name, folder, want, limits=delivery.limits)
    source = readers.open_source(stage, copy, reading, readers.FORMATS.get(delivery.suffix, "csv"))
    index = headers.index_of(source.headers)
    key, value = (headers.find(name, index) for name in (lookup.key, lookup.value))
    tidy = [cells.nulled(f"({cells.tidy(f'c{i}')})", NULLS) for i in (key, value)]
    stage.execute(
        f"create or replace table stage.{alias} as select k, last(v) as v from "
        f"(select {tidy[0]} as k, {tidy[1]} as v from {source.relation}) where k is not null group by k"
    )
