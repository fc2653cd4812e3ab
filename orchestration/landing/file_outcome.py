"""One file for one mapping: landed, unchanged or rejected, with the reason."""

import duckdb

from orchestration.config.mapping import FeedMapping
from orchestration.landing.batch import Batch
from orchestration.landing.file_landing import FileLanding
from orchestration.landing.read.inbox import Delivery
from orchestration.landing.record.ledger import Entry
from orchestration.landing.record.report import FileResult
from orchestration.system import faults
from orchestration.system.landing_errors import FileRejected
from orchestration.system.masking import plain


def take(batch: Batch, delivery: Delivery, mapping: FeedMapping) -> FileResult:
    """Land one file for one mapping, skip it when it landed before, or say why it cannot."""
    scope = (mapping.source_system, mapping.shop_id)
    result = FileResult(mapping.feed, delivery.name, "landed", *scope)
    content, meaning = ("", 0), ""
    try:
        delivery = delivery if batch.moment else batch.present(delivery)
        content = batch.content(delivery)
        meaning = batch.meaning_of(mapping)
        known = batch.known(mapping.feed)
        if not batch.moment and batch.landed_files.has(
            mapping, delivery, content[0], meaning, known
        ):
            result.status = "unchanged"
            return result
        entry = Entry(batch.id, mapping.feed, *scope, delivery, *content, meaning, batch.at)
        landing = FileLanding(batch, delivery, mapping, entry, result)
        landing.land()
        batch.landed_files.add(
            mapping, delivery, landing.entry.file_hash, meaning, landing.columns_read
        )
    except (FileRejected, duckdb.Error, OSError, MemoryError) as error:
        doing = f"landing {delivery.name}"
        if fault := faults.of(error, doing, within=batch.settings.private):
            raise fault from error
        if isinstance(error, OSError | MemoryError):
            raise
        entry = Entry(batch.id, mapping.feed, *scope, delivery, *content, meaning, batch.at)
        batch.reject(entry, result, plain(error))
    return result
