"""A batch: the state of one landing, with the files that landed before and those that it rejects."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import duckdb

from orchestration.config.contract import load_contract
from orchestration.config.mapping import FeedMapping
from orchestration.config.settings import Settings
from orchestration.landing.check import lookups
from orchestration.landing.read import inbox
from orchestration.landing.read.inbox import ArchivedDelivery, Delivery, Inbox
from orchestration.landing.record import archive, ledger
from orchestration.landing.record.archive import Landed, Ledger, LookupFile, stamp
from orchestration.landing.record.landed_files import LandedFiles, mapping_hash
from orchestration.landing.record.ledger import Entry
from orchestration.landing.record.report import Counts, FileResult
from orchestration.landing.redact import arrivals
from orchestration.landing.write.connections import Warehouse
from orchestration.system.landing_errors import FileRejected

_ID = "b%Y%m%dT%H%M%S%f"


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Moment:
    """A landing of the past that is done again: its id and times."""

    batch_id: str
    at: datetime
    finished_at: datetime | None


def _next_id(con: duckdb.DuckDBPyConnection) -> str:
    """An id that sorts after every earlier one, also where the clock was set back."""
    [(last,)] = con.execute("select max(batch_id) from meta.batches").fetchall()
    fresh = _now()
    if last and last >= fresh.strftime(_ID):
        fresh = datetime.strptime(last, _ID) + timedelta(microseconds=1)
    return fresh.strftime(_ID)


class Batch:
    """One landing. It gets a row in meta.batches with its first news, so that a repeat leaves no trace.

    With a `moment` of the past, every file lands, under that id and time, and the archive has them already.
    """

    def __init__(
        self,
        settings: Settings,
        warehouse: Warehouse,
        found: Inbox,
        mappings: list[FeedMapping],
        dry_run: bool,
        moment: Moment | None = None,
    ) -> None:
        self.settings, self.warehouse, self.found = settings, warehouse, found
        self.mappings, self.dry_run = mappings, dry_run
        self.landed_files = LandedFiles(warehouse.writer)
        self.moment = moment
        self.at = moment.at if moment else _now().replace(microsecond=0)
        self.id = moment.batch_id if moment else _next_id(warehouse.writer)
        self.arriving = arrivals.open_list(settings, warehouse.stage, mappings, found.deliveries)
        self.opened = False
        self._contents: dict[tuple[Path, str | None], tuple[str, int]] = {}
        self._meanings: dict[str, str] = {}
        self._close_killed()

    def torn(self, name: str, error: str) -> FileResult:
        """Reject an archive that cannot be opened; its feed is known when a mapping names it."""
        takers = [
            m.feed for m in self.mappings for p in m.files if p.split("/")[0] == name.split("/")[0]
        ]
        feed = takers[0] if takers else ""
        result = FileResult(feed, name, "rejected")
        delivery = Delivery(name, self.settings.inbox / name, self.at)
        entry = Entry(self.id, feed, None, None, delivery, "", 0, "", self.at)
        self.reject(entry, result, error)
        return result

    def begin(self) -> None:
        """Open the batch."""
        if not self.opened:
            self.opened = True
            self.warehouse.writer.execute(
                "insert into meta.batches values (?, ?, null, 'running', 0)", [self.id, self.at]
            )

    def note(
        self, entry: Entry, mapping: FeedMapping, archived_as: str, tables: list[LookupFile]
    ) -> None:
        """Write a file that has landed into the archive's ledger."""
        if self.moment:
            return
        landed = Landed(
            batch_id=self.id,
            batch_at=stamp(self.at),
            feed=entry.feed,
            source_system=entry.source_system,
            shop_id=entry.shop_id,
            file_name=entry.delivery.name,
            member=entry.delivery.member,
            file_hash=entry.file_hash,
            size_bytes=entry.size,
            modified_at=stamp(entry.delivery.modified_at),
            mapping_hash=entry.mapping_hash,
            archived_as=archived_as,
            landed_at=stamp(entry.at),
            mappings=self._kept_mappings,
            place=mapping.place,
            lookups=tuple(tables),
        )
        archive.append_landed(self.settings, [landed])

    @cached_property
    def _kept_mappings(self) -> str:
        return archive.keep_mappings(self.settings, self.mappings)

    @cached_property
    def _archived(self) -> Ledger:
        return archive.read(self.settings)

    def present(self, delivery: Delivery) -> Delivery:
        """The delivery, or the archived file that replaced its content when a person was removed."""
        step = archive.last_step(self._archived, self.content(delivery)[0])
        if step is None:
            return delivery
        path = self.settings.archive / step.archived_as
        return ArchivedDelivery(
            delivery.name, path, delivery.modified_at, delivery.member, delivery.limits
        )

    def _close_killed(self) -> None:
        """Batches that a killed landing left open are aborted; what they landed stays."""
        writer = self.warehouse.writer
        if writer.execute("select 1 from meta.batches where status = 'running'").fetchall():
            writer.execute("update meta.batches set status = 'aborted' where status = 'running'")

    def finish(self) -> str | None:
        """Close the batch; its id, or None when there was no news."""
        if not self.opened:
            return None
        now = _now().replace(microsecond=0)
        self.warehouse.writer.execute(
            "update meta.batches set status = 'finished', finished_at = ?, file_count = "
            "(select count(*) from meta.files as f where f.batch_id = ?) where batch_id = ?",
            [self.moment.finished_at if self.moment else now, self.id, self.id],
        )
        if not self.dry_run and not self.moment:
            archive.append_batch(self.settings, self.id, stamp(now))
        return self.id

    def reject(self, entry: Entry, result: FileResult, error: str) -> None:
        """Fill the result of a file that cannot land, and record the file unless that is known."""
        name = entry.delivery.name
        result.status, result.counts = "rejected", Counts()
        result.warnings, result.reasons = [], []
        result.error = error if error.startswith(name) else f"{name}: {error}"
        if not self.landed_files.rejected_alike(entry.feed, name, entry.file_hash, result.error):
            self.begin()
            ledger.record_file(self.warehouse.writer, entry, "rejected", error=result.error)

    def content(self, delivery: Delivery) -> tuple[str, int]:
        """Hash and size of a file, read once however many mappings take it."""
        key = (delivery.path, delivery.member)
        if key not in self._contents:
            content, size = inbox.fetch(delivery)
            if self.arriving:
                content = self.arriving.present_hash(content)
            self._contents[key] = content, size
        return self._contents[key]

    def meaning_of(self, mapping: FeedMapping) -> str:
        """The mapping's hash, with the content of its lookup files."""
        if mapping.place not in self._meanings:
            files = [
                lookups.delivery_of(lookup, self.found.deliveries) for lookup in lookups.of(mapping)
            ]
            contents = [self.content(file)[0] for file in files]
            feed = load_contract()[mapping.feed]
            self._meanings[mapping.place] = mapping_hash(mapping, feed, contents)
        return self._meanings[mapping.place]

    def known(self, feed: str) -> set[str]:
        """The hashes of all mappings that shop.yml has for a feed."""
        known = set()
        for mapping in self.mappings:
            if mapping.feed == feed:
                try:
                    known.add(self.meaning_of(mapping))
                except FileRejected:
                    continue
        return known
