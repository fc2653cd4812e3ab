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
from orchestration.landing.read.inbox import Delivery, wants
from orchestration.system.sql import among, ident, quoted

_EMPTY = "create or replace table stage.withdrawn as select {keys} from stage.good limit 0"


def find(
    stage: duckdb.DuckDBPyConnection, feed: Feed, mapping: FeedMapping, raw: str, batch: str
) -> int:
    """Fill `stage.withdrawn` with the keys to withdraw; returns how many rows in doubt stay.

    `raw` is the relation that the mapping can meet. A row is withdrawn where the file repeats a row of its
    whole, and for orders also where the row is of an earlier batch. Two files of one batch that share no row
    of an order may be two parts of it: such rows stay.
    """
    keys = ", ".join(ident(name) for name in feed.key)
    mode = mapping.replaces or feed.replaces
    if mode == "key" or not feed.whole:
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


def _files_of_mapping(stage: duckdb.DuckDBPyConnection, mapping: FeedMapping) -> Sequence[str]:
    names = stage.execute("select distinct _file from stage.doubtful order by all").fetchall()
    return [name for (name,) in names if wants(mapping, Delivery(name, Path(name), datetime.min))]
