"""The release: what analysts and BI tools open, and when it may change.

A generation is a folder of its own with one read-only file; `current` is a link that one
atomic rename moves. Generations have a number that only grows, whatever the clock says. Whether
the warehouse may be released is decided in `gate.py`.
"""

import os
import re
import shutil
import stat
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.config.contract import load_contract
from orchestration.config.home import open_serving
from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.engines.warehouse import connect
from orchestration.page.write import problem, write_page
from orchestration.release import gate
from orchestration.release.as_of import create_functions
from orchestration.release.gate import NothingToRelease
from orchestration.release.public_tables import PublicTable, comments_of, public_tables
from orchestration.system import checksums
from orchestration.system.files import sync
from orchestration.system.sql import ident, quoted

KEPT_GENERATIONS = 3
# Readable by every DuckDB from 0.10.3 on, the oldest that BI drivers still carry.
STORAGE_VERSION = "v1.0.0"

# Reasons hold no value of a row; the pattern guards the release against one that does.
_PERSONAL = "'[1-9][0-9]{16}[0-9Xx]|1[3-9][0-9]{9}|[^ @]+@[^ @]+[.][A-Za-z]+'"
_SHORT = "'-?[0-9]{1,5}([.][0-9]{1,4})?'"


def release(settings: Settings) -> Path:
    """Write a new generation and point `current` at it; returns the released file.

    Raises NothingToRelease, with the reason, when the gate is closed.
    """
    open_serving(settings)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    building = settings.serving / f".building-{stamp}"
    for leftover in settings.serving.glob(".building-*"):
        _remove(leftover)
    building.mkdir()
    try:
        return _publish(settings, building, stamp)
    except BaseException:
        # What is half written takes the room that the next try needs.
        if building.exists():
            _remove(building)
        raise


def _publish(settings: Settings, building: Path, stamp: str) -> Path:
    """Fill the folder, seal it, give it its name, and point `current` at it."""
    target = building / "shop360.duckdb"
    with connect(settings) as con:
        gate.assert_open(settings, con)
        con.execute(f"attach '{target}' as shop360 (storage_version '{STORAGE_VERSION}')")
        for table in public_tables(settings, con):
            _copy_table(con, table)
        _copy_meta_extracts(con)
        create_functions(con, "shop360")
        con.execute("checkpoint shop360")
        con.execute("detach shop360")
    if target.with_name(target.name + ".wal").exists():
        raise RuntimeError(f"{target} still has a write-ahead log; it was not closed cleanly")
    generation = settings.serving / f"gen-{_next_number(settings):06}-{stamp}"
    write_page(target, building, generation.name, load_shop_config(settings.config).page)
    checksums.write(building)
    _seal(target)
    building.rename(generation)
    generation.chmod(0o555)
    _point_current_at(settings, generation)
    _prune(settings)
    return settings.released


def rollback(settings: Settings) -> Path:
    """Point `current` one generation back; returns the generation now served."""
    served = _order(current(settings))
    older = [path for path in generations(settings) if _order(path) < served]
    if not older:
        raise NothingToRelease(
            f"There is no generation before {current(settings).name} in {settings.serving}."
        )
    _point_current_at(settings, older[-1])
    return older[-1]


def generations(settings: Settings) -> list[Path]:
    """All generations, oldest first."""
    return sorted(settings.serving.glob("gen-*"), key=_order)


def _order(generation: Path) -> tuple[int, str]:
    """Number and name; generations of earlier versions have no number and come first."""
    numbered = re.fullmatch(r"gen-(\d{6,})-.*", generation.name)
    return (int(numbered[1]) if numbered else 0, generation.name)


def _next_number(settings: Settings) -> int:
    return max((_order(path)[0] for path in generations(settings)), default=0) + 1


def current(settings: Settings) -> Path:
    """The generation that `current` points at; raises NothingToRelease before the first."""
    link = settings.serving / "current"
    if not link.is_symlink():
        raise NothingToRelease(f"Nothing has been released to {settings.serving} yet.")
    return link.resolve()


def page_problem(settings: Settings) -> str | None:
    """Why the served release has no report page; None where it has one."""
    return problem(current(settings))


def _copy_table(con: duckdb.DuckDBPyConnection, table: PublicTable) -> None:
    con.execute(f'create schema if not exists shop360."{table.schema}"')
    con.execute(f'create table shop360."{table.schema}"."{table.name}" as {table.query}')
    _copy_comments(con, table.schema, table.name, table.comments)


def _copy_comments(
    con: duckdb.DuckDBPyConnection, schema: str, table: str, comments: dict[str | None, str]
) -> None:
    kept = {column[0] for column in con.table(f"shop360.{schema}.{table}").description}
    for column, comment in comments.items():
        if comment and (column is None or column in kept):
            _comment(con, schema, table, column, comment)


def _comment(
    con: duckdb.DuckDBPyConnection, schema: str, table: str, column: str | None, text: str
) -> None:
    what = f"shop360.{ident(schema)}.{ident(table)}"
    what = f"column {what}.{ident(column)}" if column else f"table {what}"
    con.execute(f"comment on {what} is {quoted(text)}")


def _copy_meta_extracts(con: duckdb.DuckDBPyConnection) -> None:
    """Quarantine and repairs without what they hold of the source rows."""
    con.execute(
        f"""create table shop360.meta.quarantine as
           select batch_id, feed, source_system, shop_id, file_name, row_number, column_name,
                  reason_code, regexp_replace(reason, {_PERSONAL}, '***', 'g') as reason, quarantined_at
           from meta.quarantine order by all"""
    )
    con.execute(
        f"""create table shop360.meta.repairs as
            select batch_id, feed, file_name, row_number, column_name, rule,
                   case when {_is_number()} and regexp_full_match(raw_value, {_SHORT})
                       then raw_value end as raw_value,
                   case when {_has_values()} or {_is_number()}
                       and regexp_full_match(repaired_value, {_SHORT})
                       then repaired_value end as repaired_value,
                   repaired_at
            from meta.repairs order by all"""
    )
    for table in ("quarantine", "repairs"):
        _copy_comments(con, "meta", table, comments_of(con, "meta", table))


def _is_number() -> str:
    """Text columns hold anything that a mapping sends there; of the others only short numbers are shown."""
    numbers: Iterable[str] = (
        f"'{feed.code}.{column.name}'"
        for feed in load_contract().values()
        for column in feed.columns.values()
        if not column.pii
        and (column.data_type == "bigint" or column.data_type.startswith("decimal"))
    )
    return f"feed || '.' || column_name in ({', '.join(numbers)})"


def _has_values() -> str:
    """A word of the contract's list is never personal."""
    listed: Iterable[str] = (
        f"'{feed.code}.{column.name}.{value}'"
        for feed in load_contract().values()
        for column in feed.columns.values()
        for value in column.values
    )
    return f"feed || '.' || column_name || '.' || repaired_value in ({', '.join(listed)})"


def _seal(target: Path) -> None:
    target.chmod(0o444)
    sync(target)
    sync(target.parent)


def _point_current_at(settings: Settings, generation: Path) -> None:
    link = settings.serving / "current"
    fresh = settings.serving / f".current-{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(generation.name)
    fresh.replace(link)


def _prune(settings: Settings) -> None:
    """Remove the oldest generations, never the one that is served."""
    served = current(settings)
    for old in generations(settings)[:-KEPT_GENERATIONS]:
        if old.resolve() != served:
            _remove(old)


def _remove(folder: Path) -> None:
    folder.chmod(stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)
