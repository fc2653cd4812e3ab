"""Rows that are older than those that landed before: an export that arrives late changes nothing that is newer.

Older is what has the lower cursor of the feed (`updated_at`); where one of both has none, what comes from the
older file. Only files that were read by the same mapping are compared: a corrected mapping reads its files again.
"""

from datetime import datetime

import duckdb

from orchestration.config.contract import Feed
from orchestration.system.sql import ident, quoted


def find(
    stage: duckdb.DuckDBPyConnection,
    feed: Feed,
    raw: str,
    keys: str,
    modified_at: datetime,
    mapping_hash: str,
) -> int:
    """Give rows of `stage.verdicts` that are older than raw the status unchanged; how many there are."""
    stage.execute(
        "create or replace table stage.newer_files as select batch_id as _batch_id, file_name as _file, "
        f"max(modified_at) > timestamp {quoted(str(modified_at))} as _is_newer from meta.files "
        f"where feed = {quoted(feed.code)} and status = 'landed' and mapping_hash = {quoted(mapping_hash)} "
        "group by all"
    )
    cursor = ident(feed.cursor) if feed.cursor else "null"
    stage.execute(
        f"create or replace table stage.outdated as select {keys} from "
        f"(select {keys}, max({cursor}) as _newest from stage.good group by all) as file "
        f"join {raw} as current using ({keys}) join stage.newer_files using (_batch_id, _file) "
        f"where case when _newest is not null and current.{cursor if feed.cursor else 'null'} is not null "
        f"then _newest < current.{cursor} else _is_newer end"
        if feed.cursor
        else f"create or replace table stage.outdated as select distinct {keys} from stage.good "
        f"join {raw} as current using ({keys}) join stage.newer_files using (_batch_id, _file) where _is_newer"
    )
    _add_lost_parts(stage, feed, raw, keys)
    [(count,)] = stage.execute(
        f"select count(*) from stage.verdicts semi join stage.outdated using ({keys}) "
        "where _status <> 'unchanged'"
    ).fetchall()
    stage.execute(
        f"update stage.verdicts set _status = 'unchanged' where ({keys}) in (select ({keys}) from stage.outdated)"
    )
    return count
