"""The archive and the inbox: every kept content is written again without the removed persons."""

import gzip
import os
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

import duckdb

from orchestration.config.contract import load_contract
from orchestration.config.mapping import FeedMapping
from orchestration.config.settings import Settings
from orchestration.forget.search import Search
from orchestration.landing.check import staging
from orchestration.landing.read import inbox
from orchestration.landing.read.inbox import Delivery
from orchestration.landing.record import archive
from orchestration.landing.redact.content import Cleaned, Cleaner
from orchestration.system.landing_errors import FileRejected
from orchestration.system.sql import ident, quoted

_REASON = "a person was removed"
_WITH_HASH = ("files", "row_ledger", "control_totals", "quarantine", "repairs")


@dataclass
class Kept:
    """What was written again: files of the archive, files of the inbox, rows and cells in them."""

    archived: int = 0
    inbox: int = 0
    rows: int = 0
    by_value_only: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    owned: list[tuple[str, str, int]] = field(default_factory=list)
    """File hash, feed and number of rows that are a person's."""


class Stored:
    """Goes through the contents; `con` is the warehouse with `stage` attached, the list installed."""

    def __init__(
        self,
        settings: Settings,
        con: duckdb.DuckDBPyConnection,
        cleaner: Cleaner,
        mappings: Sequence[FeedMapping],
    ) -> None:
        self.settings, self.con, self.cleaner, self.mappings = settings, con, cleaner, mappings
        self.kept = Kept()

    def archive(self) -> None:
        """Every archived file; the tables of meta follow, and raw is made equal to what would land."""
        rows = self.con.execute(
            "select file_hash, any_value(archived_as), any_value(file_name), max(modified_at) "
            "from meta.files where archived_as is not null group by file_hash order by 1"
        ).fetchall()
        for file_hash, place, name, modified_at in rows:
            path = self.settings.archive / place
            if path.exists():
                self._archived(path, file_hash, _delivery(name, path, modified_at))
        self._sweep()

    def _archived(self, path: Path, old: str, delivery: Delivery) -> None:
        copy = self.cleaner.folder / f"content{delivery.suffix}"
        shutil.copyfile(path, copy)
        cleaned = self.cleaner.clean(copy, delivery)
        if cleaned is None or cleaned.file_hash == old:
            return
        place = archive.place_of(cleaned.file_hash, cleaned.suffix)
        target = self.settings.archive / place
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".part")
        shutil.copyfile(cleaned.path, draft)
        draft.replace(target)
        archive.append_replaced(self.settings, old, cleaned.file_hash, place, cleaned.size, _REASON)
        self._restage(cleaned, delivery, old)
        for table in _WITH_HASH:
            self.con.execute(
                f"update meta.{table} set file_hash = ? where file_hash = ?",
                [cleaned.file_hash, old],
            )
        self.con.execute(
            "update meta.files set archived_as = ?, size_bytes = ? "
            "where file_hash = ? and archived_as is not null",
            [place, cleaned.size, cleaned.file_hash],
        )
        path.unlink()
        self.kept.archived += 1
        self.kept.rows += len(cleaned.rows)
        if cleaned.by_value_only:
            self.kept.by_value_only.append(delivery.name)
        for feed, numbers in cleaned.owned.items():
            self.kept.owned += [(cleaned.file_hash, feed, number) for number in numbers]

    def _restage(self, cleaned: Cleaned, delivery: Delivery, old: str) -> None:
        """Rows of raw and history that came from this content become what the new content lands as."""
        from orchestration.landing.redact.scan import plan_of

        landed = self.con.execute(
            "select distinct feed, source_system, shop_id, batch_id, file_name from meta.files "
            "where file_hash = ? and status = 'landed'",
            [old],
        ).fetchall()
        if cleaned.by_value_only:
            return
        copy = self.cleaner.folder / f"again{cleaned.suffix}"
        shutil.copyfile(cleaned.path, copy)
        for mapping in self.mappings:
            scope = (mapping.feed, mapping.source_system, mapping.shop_id)
            batches = [(batch, name) for *where, batch, name in landed if tuple(where) == scope]
            if not batches or not inbox.wants(mapping, delivery):
                continue
            try:
                plan = plan_of(
                    self.cleaner.stage, copy, delivery, mapping, self.mappings,
                    self.cleaner.deliveries,
                )  # fmt: skip
                staging.run(self.cleaner.stage, plan)
            except (FileRejected, duckdb.Error):
                continue
            self._update(mapping.feed, batches, cleaned.rows)

    def _update(self, code: str, batches: list[tuple[str, str]], numbers: set[int]) -> None:
        feed = load_contract()[code]
        columns = [*map(ident, feed.columns), "_row_hash", "_extra"]
        assigned = ", ".join(f"{name} = fresh.{name}" for name in columns)
        where = " or ".join(
            f"(stored._batch_id = {quoted(batch)} and stored._file = {quoted(name)})"
            for batch, name in batches
        )
        rows = ", ".join(map(str, sorted(numbers)))
        for schema in ("raw", "history"):
            self.con.execute(
                f"update {schema}.{feed.table} as stored set {assigned} from ("
                f"select * from stage.landed_rows where _row in ({rows}) and not _bad) as fresh "
                f"where stored._row = fresh._row and ({where})"
            )

    def _sweep(self) -> None:
        """Old contents that a removal left behind when it was killed."""
        replaced = archive.read(self.settings).replaced
        for path in self.settings.archive.rglob("*"):
            if (path.is_file() and path.stem in replaced) or path.suffix == ".part":
                path.unlink()

    def inbox(self, search: Search) -> None:
        """Every export in the home's own inbox; archives are packed again.

        A torn archive can neither land nor be written again: it is deleted where it holds the person.
        """
        found = inbox.scan(self.settings.inbox).deliveries
        for path in sorted(self.settings.inbox.rglob("*")):
            if path.suffix.lower() in (".zip", ".gz") and _is_torn(path) and search.holds(path):
                path.unlink()
                self.kept.deleted.append(path.name)
        for path in dict.fromkeys(delivery.path for delivery in found):
            parts = [delivery for delivery in found if delivery.path == path]
            if path.is_symlink() or not path.exists():
                continue
            new = {d.member: data for d in parts if (data := self._fresh(d)) is not None}
            if new:
                _pack(path, new)
                self.kept.inbox += 1

    def _fresh(self, delivery: Delivery) -> bytes | None:
        """The new content of a delivery, None where it stays."""
        copy = self.cleaner.folder / f"delivered{delivery.suffix}"
        try:
            old, _ = inbox.fetch(delivery, copy)
        except FileRejected:
            return None
        ledger = archive.read(self.settings)
        present = ledger.present_hash(old)
        if present != old:
            step = next(s for s in ledger.replaced.values() if s.new_hash == present)
            known = self.settings.archive / step.archived_as
            if known.exists():
                return known.read_bytes()
        cleaned = self.cleaner.clean(copy, delivery)
        if cleaned is None:
            return None
        self.con.execute(
            "update meta.files set file_hash = ? where file_hash = ?", [cleaned.file_hash, old]
        )
        return cleaned.path.read_bytes()


def _delivery(name: str, path: Path, modified_at: datetime) -> Delivery:
    """An archived content under the name that it had in the inbox."""
    place = name.lower().find(".zip/")
    member = name[place + 5 :] if place >= 0 else None
    return Delivery(name, path, modified_at, member)


def _is_torn(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    try:
        if path.suffix.lower() == ".gz":
            with gzip.open(path) as stream:
                while stream.read(inbox.CHUNK):
                    pass
            return False
        with zipfile.ZipFile(path) as packed:
            return packed.testzip() is not None
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        gzip.BadGzipFile,
        RuntimeError,
        NotImplementedError,
    ):
        return True


def _shown(member: zipfile.ZipInfo) -> str:
    """A member's name: without the flag of UTF-8 it is GBK that zipfile takes for cp437."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _pack(path: Path, new: dict[str | None, bytes]) -> None:
    """Put new contents in the place of a file, a .gz or members of a .zip; its time stays."""
    draft, times = path.with_name(f".{path.name}.part"), path.stat()
    if None not in new:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as out:
            for member in old.infolist():
                data = new.get(member.filename, old.read(member.filename))
                member.filename = _shown(member)
                out.writestr(member, data, zipfile.ZIP_DEFLATED)
    elif PurePosixPath(path.name).suffix.lower() == ".gz":
        draft.write_bytes(gzip.compress(new[None]))
    else:
        draft.write_bytes(new[None])
    shutil.copymode(path, draft)
    os.utime(draft, (times.st_atime, times.st_mtime))
    draft.replace(path)
