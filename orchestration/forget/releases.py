"""Kept generations: each gets a new file without the person, put in its place by one atomic rename.

A program that has the old file open keeps it until it closes; the next connection reads the new file.
"""

import stat
from pathlib import Path

import duckdb

from orchestration.config.settings import Settings
from orchestration.forget import warehouse_rows
from orchestration.forget.removal_scope import Removal
from orchestration.landing.redact.tokens import Forgotten
from orchestration.release import generations
from orchestration.release.as_of import create_functions
from orchestration.release.public_tables import comments_of
from orchestration.system import checksums
from orchestration.system.files import sync
from orchestration.system.sql import quoted


def clean(settings: Settings, removal: Removal, listed: Forgotten) -> int:
    """Write every generation again; the number of them."""
    folders = generations.generations(settings)
    for folder in folders:
        for path in folder.glob("*.duckdb"):
            _clean_file(path, removal, listed)
        _rewrite_checksums(folder)
    return len(folders)


def _rewrite_checksums(folder: Path) -> None:
    mode = stat.S_IMODE(folder.stat().st_mode)
    folder.chmod(0o755)
    (folder / checksums.NAME).unlink(missing_ok=True)
    checksums.write(folder)
    folder.chmod(mode)


def _clean_file(path: Path, removal: Removal, listed: Forgotten) -> None:
    draft = path.with_name(f".{path.name}.part")
    mode = stat.S_IMODE(path.parent.stat().st_mode)
    path.parent.chmod(0o755)
    try:
        draft.unlink(missing_ok=True)
        _copy(path, draft, removal, listed)
        draft.chmod(stat.S_IMODE(path.stat().st_mode))
        sync(draft)
        draft.replace(path)
        sync(path.parent)
    finally:
        path.parent.chmod(mode)


def _copy(path: Path, draft: Path, removal: Removal, listed: Forgotten) -> None:
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'; set preserve_insertion_order = true")
        con.execute(f"attach {quoted(str(path))} as old (read_only)")
        version = quoted(generations.STORAGE_VERSION)
        con.execute(f"attach {quoted(str(draft))} as new (storage_version {version})")
        listed.install(con)
        warehouse_rows.load_keys(con, removal)
        con.execute("use old")
        for schema, name in con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'old' order by all"
        ).fetchall():
            query = (
                warehouse_rows.without(con, "old", schema, name)
                or f'select * from old."{schema}"."{name}"'
            )
            con.execute(f'create schema if not exists new."{schema}"')
            con.execute(f'create table new."{schema}"."{name}" as {query}')
            for column, comment in comments_of(con, schema, name).items():
                what = f'table new."{schema}"."{name}"'
                if column is not None:
                    what = f'column new."{schema}"."{name}"."{column}"'
                con.execute(f"comment on {what} is {quoted(comment)}")
            if schema == "meta":
                _scrub(con, listed, name)
        con.execute("use memory")
        create_functions(con, "new")
        con.execute("checkpoint new")
        con.execute("detach new")


def _scrub(con: duckdb.DuckDBPyConnection, listed: Forgotten, table: str) -> None:
    """Texts of meta that quote an identifier."""
    for column in warehouse_rows.texts_of(con, "old", "meta", table):
        rows = con.execute(
            f'select distinct "{column}" from new.meta."{table}" where "{column}" is not null'
        ).fetchall()
        for (text,) in rows:
            if (new := listed.scrub(text)) != text:
                con.execute(
                    f'update new.meta."{table}" set "{column}" = ? where "{column}" = ?',
                    [new, text],
                )
