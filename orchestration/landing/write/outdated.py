"""Rows that are older than those that landed before: an export that arrives late changes nothing that is newer.

Older is the row with the lower cursor of the feed (`updated_at`) or, where one of both has none, that of the
older file. Only files that the same mapping read are compared: a corrected mapping reads its files again.
"""

from datetime import datetime

import duckdb

from orchestration.config.contract import Feed
from orchestration.system.sql import ident, quoted


def compare_files(
    stage: duckdb.DuckDBPyConnection, feed: Feed, modified_at: datetime, mapping_hash: str
) -> None:
    """Fill `stage.earlier_files`: what the same mapping has read, and whether it is newer than this file."""
    stage.execute(
        "create or replace table stage.earlier_files as select batch_id as _batch_id, file_name as _file, "
        f"max(modified_at) > timestamp {quoted(str(modified_at))} as _is_newer from meta.files "
        f"where feed = {quoted(feed.code)} and status = 'landed' and mapping_hash = {quoted(mapping_hash)} "
        "group by all"
    )


def mark(stage: duckdb.DuckDBPyConnection, feed: Feed, raw: str, keys: str) -> int:
    """Give rows of `stage.verdicts` that are older than raw the status unchanged; how many there are."""
    is_older = "_is_newer"
    newest = ""
    if feed.cursor:
        cursor = ident(feed.cursor)
        newest = f", max({cursor}) as _newest"
        is_older = f"coalesce(_newest < current.{cursor}, _is_newer)"
    stage.execute(
        f"create or replace table stage.outdated as select {keys} from "
        f"(select {keys}{newest} from stage.good group by {keys}) as arrived "
        f"inner join {raw} as current using ({keys}) "
        f"inner join stage.earlier_files using (_batch_id, _file) where {is_older}"
    )
    if feed.whole:
        _add_rows_of_newer_wholes(stage, feed, raw, keys)
    [(count,)] = stage.execute(
        f"select count(*) from stage.verdicts semi join stage.outdated using ({keys}) "
        "where _status <> 'unchanged'"
    ).fetchall()
    if count:
        stage.execute(
            "update stage.verdicts set _status = 'unchanged' "
            f"where ({keys}) in (select ({keys}) from stage.outdated)"
        )
    return count


def _add_rows_of_newer_wholes(
    stage: duckdb.DuckDBPyConnection, feed: Feed, raw: str, keys: str
) -> None:
    """Rows that a newer file withdrew: others of their order or day are outdated, and raw lacks them."""
    whole = ", ".join(ident(name) for name in feed.whole)
    stage.execute(
        f"insert into stage.outdated select {keys} from stage.good anti join {raw} using ({keys}) "
        f"semi join (select distinct {whole} from stage.good semi join stage.outdated using ({keys})) "
        f"using ({whole})"
    )


def keep_newer(stage: duckdb.DuckDBPyConnection, keys: str) -> None:
    """Withdraw no row that a newer file brought."""
    stage.execute(
        f"delete from stage.withdrawn where ({keys}) in (select ({keys}) from stage.doubtful "
        "semi join (select _file from stage.earlier_files where _is_newer) using (_file))"
    )
