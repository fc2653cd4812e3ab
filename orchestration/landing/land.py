"""One landing: every new file of the inbox into raw.

Which file goes to which mapping, in what order, and what the caller hears of it is decided here; a
batch is in `batch.py`, what becomes of one file in `file_outcome.py`.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from orchestration.config.contract import load_contract
from orchestration.config.mapping import FeedMapping
from orchestration.config.settings import Settings
from orchestration.config.shop_config import ShopConfig
from orchestration.landing.batch import Batch
from orchestration.landing.check import lookups
from orchestration.landing.file_outcome import take
from orchestration.landing.read import inbox
from orchestration.landing.read.inbox import Delivery, Inbox
from orchestration.landing.record import reconcile
from orchestration.landing.record.report import Event, FileResult, LandingReport, Report
from orchestration.landing.write import connections


def land(
    settings: Settings,
    config: ShopConfig,
    *,
    dry_run: bool = False,
    report: Report | None = None,
) -> LandingReport:
    """Land everything new, oldest file first. A bad file is rejected and reported, the others land.

    `dry_run` does the same in a throw-away warehouse and reports the same counts. `report` hears of
    every file when it starts and when it is done. Raises `LandingError` when nothing can land.
    """
    found = inbox.scan(settings.inbox, config.landing)
    work = _Work(found, config.mappings, config.none)
    feeds = {mapping.feed for mapping in config.mappings}
    with connections.opened(settings, feeds, dry_run) as warehouse:
        if not dry_run:
            reconcile.ledger_with_warehouse(settings, warehouse.writer)
        batch = Batch(settings, warehouse, found, config.mappings, dry_run)
        outcome = LandingReport(
            dry_run=dry_run,
            unmatched=work.unmatched,
            not_connected=work.not_connected,
            not_taken=list(found.not_taken),
        )
        total = len(work.pairs)
        for number, (delivery, mapping) in enumerate(work.pairs, start=1):
            event = Event("started", mapping.feed, delivery.name, number, total)
            _tell(report, event)
            result = take(batch, delivery, mapping)
            outcome.files.append(result)
            _tell(report, Event("done", mapping.feed, delivery.name, number, total, result))
        outcome.files += [batch.torn(name, error) for name, error in found.torn]
        outcome.batch_id = batch.finish()
    return outcome


def land_file(settings: Settings, mapping: FeedMapping, path: Path) -> FileResult:
    """Land one file that did not come through the inbox, such as what the project itself worked out.

    `mapping` takes it by its name. Raises `LandingError` when nothing can land.
    """
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    delivery = Delivery(path.name, path, now)
    with connections.opened(settings, {mapping.feed}, dry_run=False) as warehouse:
        batch = Batch(settings, warehouse, Inbox((delivery,), ()), [mapping], dry_run=False)
        result = take(batch, delivery, mapping)
        batch.finish()
    return result


def _tell(report: Report | None, event: Event) -> None:
    if report is not None:
        report(event)


@dataclass
class _Work:
    """Which file goes to which mapping, in order of the files' age."""

    found: Inbox
    mappings: list[FeedMapping]
    none: tuple[str, ...] = ()
    pairs: list[tuple[Delivery, FeedMapping]] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    not_connected: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        tables = [lookup.file for mapping in self.mappings for lookup in lookups.of(mapping)]
        for delivery in self.found.deliveries:
            takers = [mapping for mapping in self.mappings if inbox.wants(mapping, delivery)]
            self.pairs += [(delivery, mapping) for mapping in takers]
            if not takers and not any(inbox.matches(name, delivery) for name in tables):
                self.unmatched.append(delivery.name)
        connected = {mapping.feed for _, mapping in self.pairs} | set(self.none)
        self.not_connected = [code for code in load_contract() if code not in connected]
