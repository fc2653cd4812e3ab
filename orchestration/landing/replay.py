"""Landing again from the archive: every file, in the order, under the batch and at the time as it landed.

A file is read by the mapping by which it landed. Where that is not kept, for files that landed before
the ledger existed, the mapping of today's shop.yml takes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from orchestration.config.contract import load_contract
from orchestration.config.mapping import SCOPE, ColumnSpec, FeedMapping
from orchestration.config.settings import Settings
from orchestration.config.shop_config import ShopConfig
from orchestration.landing.batch import Batch, Moment
from orchestration.landing.file_outcome import take
from orchestration.landing.read import inbox
from orchestration.landing.read.inbox import ArchivedDelivery, Delivery, Inbox
from orchestration.landing.record import archive
from orchestration.landing.record.archive import Landed, Ledger
from orchestration.landing.record.report import Event, FileResult, LandingReport, Report
from orchestration.landing.write import connections
from orchestration.system.landing_errors import FileRejected, LandingError

_SHOWN = 5


def replay(
    settings: Settings, config: ShopConfig, *, report: Report | None = None
) -> LandingReport:
    """Land everything that the ledger names into an empty warehouse.

    Raises LandingError, naming the files, when one cannot land as it did.
    """
    ledger = archive.read(settings)
    mappings = _Mappings(settings, config)
    outcome = LandingReport(dry_run=False)
    total = len(ledger.landed)
    numbers = iter(range(1, total + 1))
    feeds = {entry.feed for entry in ledger.landed}
    with connections.opened(settings, feeds, dry_run=False) as warehouse:
        for batch_id, group in groupby(ledger.landed, key=lambda entry: entry.batch_id):
            entries = list(group)
            moment = _moment(ledger, batch_id, entries[0])
            found = Inbox(tuple(_deliveries(settings, config, entries)), ())
            batch = Batch(settings, warehouse, found, mappings.of(entries[0]), False, moment)
            for entry, delivery in zip(entries, found.deliveries, strict=False):
                event = Event("started", entry.feed, entry.file_name, next(numbers), total)
                _tell(report, event)
                result = _take(batch, entry, delivery, mappings)
                outcome.files.append(result)
                _tell(report, Event("done", event.feed, event.file, event.number, total, result))
            if moment.finished_at:
                batch.finish()
    _assert_all_landed(outcome)
    return outcome


@dataclass
class _Mappings:
    """The mappings by which files landed; those of today where they are not kept."""

    settings: Settings
    config: ShopConfig
    _kept: dict[str, list[FeedMapping]] = field(default_factory=dict)

    def of(self, entry: Landed) -> list[FeedMapping]:
        """All mappings of the batch."""
        if entry.mappings not in self._kept:
            kept = archive.load_mappings(self.settings, entry.mappings) if entry.mappings else None
            shop = self.config.shop
            # Earlier versions kept the mappings of shop.yml without the shop's own settings.
            own = {"shop_timezone": shop.timezone, "shop_currency": shop.currency}
            self._kept[entry.mappings] = [
                m if m.shop_currency or not _is_of_the_shop(m) else m.model_copy(update=own)
                for m in kept or []
            ] or self.config.mappings
        return self._kept[entry.mappings]

    def one(self, batch: Batch, entry: Landed, delivery: Delivery) -> FeedMapping | None:
        """The mapping that takes a file: by its place, else one of the same feed, source and shop."""
        scope = (entry.feed, entry.source_system, entry.shop_id)
        fitting = [m for m in self.of(entry) if (m.feed, m.source_system, m.shop_id) == scope]
        placed = [mapping for mapping in fitting if mapping.place == entry.place]
        if placed and entry.place:
            return placed[0]
        takers = [mapping for mapping in fitting if inbox.wants(mapping, delivery)]
        alike = [mapping for mapping in takers if _means(batch, mapping) == entry.mapping_hash]
        return next(iter(alike or takers), None)


def _is_of_the_shop(mapping: FeedMapping) -> bool:
    return mapping.place.startswith("feeds.")


def _means(batch: Batch, mapping: FeedMapping) -> str:
    try:
        return batch.meaning_of(mapping)
    except FileRejected:
        return ""


def _own(entry: Landed) -> FeedMapping:
    """The mapping of a file that the project wrote itself: its headers are the contract's columns."""
    columns = [name for name in load_contract()[entry.feed].columns if name not in SCOPE]
    return FeedMapping(
        feed=entry.feed,
        place="archive",
        files=(entry.file_name,),
        source_system=entry.source_system or "",
        shop_id=entry.shop_id or "",
        timezone="UTC",
        columns={name: ColumnSpec(headers=(name,)) for name in columns},
    )


def _take(batch: Batch, entry: Landed, delivery: Delivery, mappings: _Mappings) -> FileResult:
    mapping = mappings.one(batch, entry, delivery)
    if mapping is None and not entry.place and delivery.suffix == ".parquet":
        mapping = _own(entry)
    if mapping is None:
        return FileResult(
            entry.feed,
            entry.file_name,
            "rejected",
            error=f"{entry.file_name}: no mapping of {entry.feed} in shop.yml takes it",
        )
    return take(batch, delivery, mapping)


def _deliveries(
    settings: Settings, config: ShopConfig, entries: list[Landed]
) -> Iterator[Delivery]:
    """The files of a batch, then those that values were looked up in."""
    for entry in entries:
        path = settings.archive / entry.archived_as
        at = datetime.fromisoformat(entry.modified_at)
        yield ArchivedDelivery(entry.file_name, path, at, entry.member, config.landing)
    for table in {table.name: table for entry in entries for table in entry.lookups}.values():
        path = settings.archive / table.archived_as
        at = datetime.fromisoformat(table.modified_at)
        yield ArchivedDelivery(table.name, path, at, table.member, config.landing)
    if any(not entry.mappings for entry in entries) and settings.inbox.is_dir():
        yield from inbox.scan(settings.inbox, config.landing).deliveries


def _moment(ledger: Ledger, batch_id: str, entry: Landed) -> Moment:
    finished = ledger.finished.get(batch_id)
    return Moment(
        batch_id,
        datetime.fromisoformat(entry.batch_at),
        datetime.fromisoformat(finished) if finished else None,
    )


def _tell(report: Report | None, event: Event) -> None:
    if report is not None:
        report(event)


def _assert_all_landed(outcome: LandingReport) -> None:
    if outcome.rejected:
        shown = "; ".join(str(result.error) for result in outcome.rejected[:_SHOWN])
        more = len(outcome.rejected) - _SHOWN
        raise LandingError(
            f"{len(outcome.rejected)} archived files cannot land again: {shown}"
            + (f"; and {more} more" if more > 0 else "")
        )
