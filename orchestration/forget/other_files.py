"""Other files of the home: what the matcher remembers, the demo's truth, logs, pages, working copies."""

import json
import shutil
from pathlib import Path

import duckdb

from orchestration.config.settings import Settings
from orchestration.forget.removal_scope import Removal
from orchestration.landing.redact import tokens
from orchestration.landing.redact.tokens import Forgotten
from orchestration.landing.redact.unmapped_files import scrub_file
from orchestration.system.sql import quoted

_REWRITABLE = (".csv", ".html", ".json", ".log", ".txt", ".parquet", ".yml", ".sql", ".out", ".err")


def clean(settings: Settings, removal: Removal, listed: Forgotten) -> int:
    """Rewrite what can be rewritten; the number of files. Caches and working copies are deleted."""
    _matching(settings, removal)
    _truth(settings, listed)
    for name in (settings.scratch, *settings.private.glob("landing-*")):
        if name.is_dir():
            for path in name.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    return sum(_scrubbed(path, listed) for path in _others(settings))


def _others(settings: Settings) -> list[Path]:
    own = (settings.archive, tokens.folder(settings), settings.scratch)
    return [
        path
        for path in sorted(settings.private.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and path.suffix in _REWRITABLE
        and not any(path.is_relative_to(folder) for folder in own)
    ]


def _scrubbed(path: Path, listed: Forgotten) -> bool:
    draft = path.with_name(f".{path.name}.part")
    try:
        if not scrub_file(path, draft, listed):
            return False
        draft.chmod(path.stat().st_mode & 0o777)
        draft.replace(path)
        return True
    finally:
        draft.unlink(missing_ok=True)


def _matching(settings: Settings, removal: Removal) -> None:
    """The matcher compares the changed records once more; it must not find that nothing is new."""
    folder = settings.private / "matching"
    records, state = folder / "records.parquet", folder / "state.json"
    if records.exists():
        draft = records.with_suffix(".tmp")
        with duckdb.connect() as con:
            con.execute("create table gone (record_key varchar)")
            con.executemany(
                "insert into gone values (?)", [[key] for key in removal.keys] or [[""]]
            )
            con.execute(
                f"copy (from read_parquet({quoted(str(records))}) anti join gone using (record_key)) "
                f"to {quoted(str(draft))} (format parquet)"
            )
        draft.replace(records)
    if state.exists():
        note = json.loads(state.read_text(encoding="utf-8"))
        note.get("seen", {})["records"] = {}
        state.write_text(json.dumps(note, indent=1), encoding="utf-8")


def _truth(settings: Settings, listed: Forgotten) -> None:
    """What is known of the demo shop names records by their ids, with source system and shop."""
    for path in settings.truth.glob("*.parquet"):
        with duckdb.connect() as con:
            con.execute("set preserve_insertion_order = true")
            listed.install(con)
            con.execute(f"create table truth as from read_parquet({quoted(str(path))})")
            columns = {row[0] for row in con.execute("describe truth").fetchall()}
            if not {"record_type", "source_system", "shop_id", "record_id"} <= columns:
                continue
            con.execute(
                "update truth set record_id = fg_new_id(f.person, "
                "case record_type when 'visitor' then 'id' else record_type end, record_id) "
                "from forgotten as f where record_type in ('crm', 'erp', 'visitor') and f.hash = "
                "fg_hash(record_type, source_system || '|' || shop_id || '|' || record_id)"
            )
            draft = path.with_suffix(".tmp")
            con.execute(f"copy truth to {quoted(str(draft))} (format parquet)")
        draft.replace(path)
