"""The archive's ledger and the warehouse's own record of landings: where one lacks what the other has.

A landing that was killed between its commit and its line in the ledger is written down by the next
one, and so is everything that landed before the ledger existed.
"""

from collections import Counter

import duckdb

from orchestration.config.settings import Settings
from orchestration.landing.read import inbox
from orchestration.landing.record import archive
from orchestration.landing.record.archive import Landed, Ledger
from orchestration.system.landing_errors import LandingError

_FILES = """
select
    f.batch_id, coalesce(b.started_at, f.landed_at), f.feed, f.source_system, f.shop_id, f.file_name,
    f.file_hash, f.size_bytes, f.modified_at, f.mapping_hash, f.archived_as, f.landed_at, b.finished_at
from {catalog}meta.files as f
left join {catalog}meta.batches as b on f.batch_id = b.batch_id
where f.status = 'landed' and f.archived_as is not null
order by f.batch_id, f.rowid
"""


def ledger_with_warehouse(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    """Write into the ledger what only the warehouse knows.

    Raises LandingError when the warehouse lacks files that have landed, such as after an older copy of it
    was put back: to go on would number new rows as if the others had never been there.
    """
    ledger = archive.read(settings)
    missing, lost = differences(ledger, con)
    if lost:
        count = "a file" if len(lost) == 1 else f"{len(lost)} files"
        raise LandingError(
            f"{settings.warehouse} lacks {count} that landed before, such as {lost[0].file_name} "
            f"of {lost[0].batch_at} UTC. Type `shop360 rebuild` to make it again from the archive."
        )
    archive.append_landed(settings, missing)
    finished = finished_batches(con)
    for batch in dict.fromkeys(entry.batch_id for entry in missing):
        if batch in finished and batch not in ledger.finished:
            archive.append_batch(settings, batch, finished[batch])


def differences(
    ledger: Ledger, con: duckdb.DuckDBPyConnection, catalog: str = ""
) -> tuple[list[Landed], list[Landed]]:
    """What only the warehouse has, as entries of the ledger, and what only the ledger has."""
    there = landed_files(con, catalog)
    noted, held = (Counter(e.key for e in entries) for entries in (ledger.landed, there))
    return _beyond(there, noted), _beyond(ledger.landed, held)


def _beyond(entries: list[Landed], known: Counter[tuple[str | None, ...]]) -> list[Landed]:
    left = known.copy()
    found = []
    for entry in entries:
        if left[entry.key] > 0:
            left[entry.key] -= 1
        else:
            found.append(entry)
    return found


def landed_files(con: duckdb.DuckDBPyConnection, catalog: str = "") -> list[Landed]:
    """What a warehouse, or a released file, says has landed, in that order; nothing where it has no such table."""
    try:
        rows = con.execute(_FILES.format(catalog=catalog)).fetchall()
    except duckdb.CatalogException:
        return []
    found = []
    for batch, at, feed, system, shop, name, content, size, modified, *rest in rows:
        meaning, archived_as, landed_at, _ = rest
        found.append(
            Landed(
                batch_id=batch,
                batch_at=archive.stamp(at),
                feed=feed,
                source_system=system,
                shop_id=shop,
                file_name=name,
                member=inbox.member_of(name),
                file_hash=content,
                size_bytes=size,
                modified_at=archive.stamp(modified),
                mapping_hash=meaning,
                archived_as=archived_as,
                landed_at=archive.stamp(landed_at),
            )
        )
    return found


def finished_batches(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """When each batch came to its end; those that were killed are not among them."""
    rows = con.execute(
        "select batch_id, finished_at from meta.batches where finished_at is not null"
    ).fetchall()
    return {batch: archive.stamp(at) for batch, at in rows}
