"""Rows of raw that a newer export of the same order, or of the same account's day, no longer has.

A whole is what the contract's `whole` columns name. Only rows that files of the same mapping brought are
withdrawn, and none of a whole of which this file has a row that was refused.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.config.contract import Feed
from orchestration.config.mapping import FeedMapping
from orchestration.landing.read.inbox import Delivery, matches, member_of, wants
from orchestration.system.sql import among, ident, quoted

_EMPTY = "create or replace table stage.withdrawn as select {keys} from stage.good limit 0"


def mode_of(feed: Feed, mapping: FeedMapping, file: str) -> str:
    """What a file states completely: `all` rows of its mapping, a `parent`, a `period`, or no more than a `key`."""
    delivery = Delivery(file, Path(file), datetime.min, member=member_of(file))
    if any(matches(pattern, delivery) for pattern in (*mapping.whole, *mapping.key_lists)):
        return "all"
    mode = mapping.replaces or feed.replaces
    return mode if feed.whole else "key"


def find(
    stage: duckdb.DuckDBPyConnection,
    feed: Feed,
    mapping: FeedMapping,
    raw: str,
    batch: str,
    file: str,
    rows_of_file: str,
) -> int:
    """Fill `stage.withdrawn` with the keys to withdraw; returns how many rows in doubt stay.

    `raw` is the relation that the mapping can meet. A row is withdrawn where the file repeats a row of its
    whole, and for orders also where the row is of an earlier batch. Two files of one batch that share no row
    of an order may be two parts of it: such rows stay.
    """
    keys = ", ".join(ident(name) for name in feed.key)
    mode = mode_of(feed, mapping, file)
    if mode == "all":
        return _of_all(stage, feed, mapping, raw, rows_of_file)
    if mode == "key":
        stage.execute(_EMPTY.format(keys=keys))
        return 0
    whole = ", ".join(ident(name) for name in feed.whole)
    stage.execute(
        f"create or replace table stage.doubtful as "
        f"with wholes as (select distinct {whole} from stage.good "
        f"except select {whole} from stage.landed_rows where _bad and not _blank and not _total), "
        f"met as (select {keys}, _batch_id, _file from {raw} semi join wholes using ({whole})), "
        f"repeated as (select distinct {whole} from met semi join stage.good using ({keys})) "
        f"select {keys}, _file, _batch_id = {quoted(batch)} as _is_same_batch, "
        f"({whole}) in (select ({whole}) from repeated) as _is_repeated "
        f"from met anti join stage.good using ({keys})"
    )
    files = _files_of_mapping(stage, mapping)
    certain = "_is_repeated" + (" or not _is_same_batch" if mode == "parent" else "")
    stage.execute(
        f"create or replace table stage.withdrawn as select {keys} from stage.doubtful "
        f"where ({certain}) and {among('_file', files) if files else 'false'}"
    )
    [(left,)] = stage.execute(
        f"select count(*) from stage.doubtful anti join stage.withdrawn using ({keys})"
    ).fetchall()
    return left


def _of_all(
    stage: duckdb.DuckDBPyConnection, feed: Feed, mapping: FeedMapping, raw: str, rows_of_file: str
) -> int:
    """The rows that a file with all rows lacks. A row that was refused is no row that the file lacks.

    If the key of a refused row cannot be read, it may be any of them: then all stay.
    """
    keys = ", ".join(ident(name) for name in feed.key)
    stage.execute(
        f"create or replace table stage.doubtful as select {keys}, _file from {raw} "
        f"anti join (select {keys} from {rows_of_file} where not _blank and not _total) using ({keys})"
    )
    unknown = " or ".join(f"{ident(name)} is null" for name in feed.key)
    [(unread,)] = stage.execute(
        f"select count(*) from {rows_of_file} where _bad and not _blank and not _total and ({unknown})"
    ).fetchall()
    files = [] if unread else _files_of_mapping(stage, mapping)
    stage.execute(
        f"create or replace table stage.withdrawn as select {keys} from stage.doubtful "
        f"where {among('_file', files) if files else 'false'}"
    )
    [(left,)] = stage.execute("select count(*) from stage.doubtful").fetchall()
    return left if unread else 0


def warnings(feed: Feed, mode: str, withdrawn: int, in_doubt: int) -> list[str]:
    """What the operator reads about rows that a file lacks."""
    found = []
    parts = ", ".join(feed.whole[2:])
    if withdrawn:
        why = (
            "the file has all rows of its mapping, and lacks them"
            if mode == "all"
            else f"the file states their {parts} again without them"
        )
        other = "" if mode == "all" else "; `replaces: key` in shop.yml keeps such rows"
        found.append(
            f"{withdrawn} rows were withdrawn: {why}. history.{feed.table} keeps them{other}"
        )
    if in_doubt and mode == "all":
        found.append(
            f"{in_doubt} rows stay that this file lacks, although it has all rows of its mapping: "
            "rows without a readable key were refused, and may be these"
        )
    elif in_doubt:
        found.append(
            f"{in_doubt} rows stay that this file lacks, although it has others of their "
            f"{parts}: it repeats none of them, so it may be another part of the export"
        )
    return found


def _files_of_mapping(stage: duckdb.DuckDBPyConnection, mapping: FeedMapping) -> Sequence[str]:
    names = stage.execute("select distinct _file from stage.doubtful order by all").fetchall()
    return [name for (name,) in names if wants(mapping, Delivery(name, Path(name), datetime.min))]
