"""One file of one mapping: read, judged, archived and written, all of it or nothing."""

import os
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from orchestration.config.contract import load_contract
from orchestration.config.mapping import FeedMapping
from orchestration.landing import absent_headers, swapped_dates
from orchestration.landing.batch import Batch
from orchestration.landing.check import lookups, row_checks, staging
from orchestration.landing.check.cells import Cells
from orchestration.landing.check.plan import Plan
from orchestration.landing.read import header_words, headers, inbox, readers
from orchestration.landing.read.inbox import Delivery
from orchestration.landing.read.source import Reading
from orchestration.landing.record import archive, ledger
from orchestration.landing.record.archive import LookupFile
from orchestration.landing.record.ledger import Entry
from orchestration.landing.record.report import UNMAPPED, Counts, FileResult
from orchestration.landing.redact.arrivals import Arriving
from orchestration.landing.write import key_list, withdraw
from orchestration.landing.write.key_list import KeyList
from orchestration.landing.write.upsert import Upsert, Verdict
from orchestration.system import faults
from orchestration.system.landing_errors import FileRejected
from orchestration.system.sql import ident, quoted

_TYPED = ("xlsx", "parquet")


class FileLanding:
    """Lands a file; `result` is filled as far as it gets."""

    def __init__(
        self,
        batch: Batch,
        delivery: Delivery,
        mapping: FeedMapping,
        entry: Entry,
        result: FileResult,
    ) -> None:
        self.batch, self.delivery, self.mapping = batch, delivery, mapping
        self.entry, self.result, self.warehouse = entry, result, batch.warehouse
        self.feed = whole = load_contract()[mapping.feed]
        self.key_list = whole if key_list.is_one(mapping, delivery) else None
        if self.key_list:
            self.feed, self.mapping = key_list.reduced(whole, mapping)
        self.folder = batch.warehouse.folder / "file"
        self.copy = self.folder / f"{entry.file_hash}{delivery.suffix}"
        self.cleaned_from = ""
        self.cleaning = ""
        self.columns_read: list[str] = []

    def land(self) -> None:
        """Raises `FileRejected` when the file cannot land; then nothing of it is kept."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        plan = self._plan()
        self._refuse_lost_headers(plan)
        plan = staging.run(self.warehouse.stage, plan)
        upsert = KeyList(plan, self.key_list) if self.key_list else Upsert(plan)
        if self._is_divided():
            upsert.rows_of_file = "stage.landed"
        kept = absent_headers.kept(plan, self.batch.landed_files.ever_read(self.mapping))
        swaps = swapped_dates.find(self.warehouse.stage, plan, upsert)
        with self.warehouse.sink.watched():
            absent_headers.keep_values(self.warehouse.stage, plan, upsert, kept)
            verdict = upsert.judge(
                self.warehouse.stage,
                self.batch.id,
                self.delivery.modified_at,
                self.entry.mapping_hash,
            )
        bad, totals, sums = self._bad_rows(plan)
        self.result.counts = Counts(
            **verdict.counts,
            quarantined=bad,
            left_out=self._left_out(),
            withdrawn=verdict.withdrawn,
        )
        self.result.warnings = [
            *plan.source.warnings,
            *swaps,
            *self._warnings(plan, verdict, sums),
        ]
        self._write(plan, upsert, verdict, totals, sums)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(
        self,
        plan: Plan,
        upsert: Upsert,
        verdict: Verdict,
        totals: dict[str, Decimal],
        sums: dict[str, Decimal],
    ) -> None:
        archived, writer, entry = self._archive(), self.warehouse.writer, self.entry
        tables = self._archive_lookups()
        self.batch.begin()
        with self.warehouse.sink.transaction():
            self.warehouse.sink.apply(
                upsert.change(self.batch.id, self.delivery.name, str(self.batch.at))
            )
            ledger.record_rows(writer, entry, self.result.counts)
            ledger.record_totals(writer, entry, verdict, totals)
            ledger.record_quarantine(writer, entry, plan, sums)
            if self.result.counts.quarantined:
                self.result.reasons = ledger.reasons(writer, entry)
            ledger.record_repairs(writer, entry, plan)
            if self.mapping.swapped_days:
                ledger.record_swapped(writer, entry, self.mapping.swapped_days)
            ledger.record_file(
                writer,
                entry,
                "landed",
                encoding=plan.source.encoding,
                delimiter=plan.source.delimiter,
                archived_as=archived,
                warnings=self.result.warnings,
                columns_read=self.columns_read,
            )
        if archived:
            if self.cleaned_from and self.batch.arriving:
                self.batch.arriving.note(self.cleaned_from, entry, archived)
            self.batch.note(entry, self.mapping, archived, tables)

    def _plan(self) -> Plan:
        mapping, name = self.mapping, self.delivery.name
        faults.need_room(self.folder, self.entry.size, f"landing {name}")
        content, _ = inbox.fetch(self.delivery, self.copy)
        arriving = self.batch.arriving
        if (arriving.present_hash(content) if arriving else content) != self.entry.file_hash:
            raise FileRejected(f"{name}: changed while it was read; the next run takes it")
        if arriving:
            self._leave_out_forgotten(arriving, content)
        for number, lookup in enumerate(lookups.of(mapping)):
            table = lookups.delivery_of(lookup, self.batch.found.deliveries)
            lookups.load(self.warehouse.stage, f"lookup_{number}", lookup, table, self.folder)
        reading = Reading(
            name,
            self.folder,
            headers.wanted(mapping, self.feed),
            mapping.encoding,
            mapping.delimiter,
            mapping.sheet,
            mapping.header_row,
            self.delivery.limits,
            mapping.levels,
            mapping.may_end_before,
            mapping.explanation_row,
            mapping.each,
        )
        fmt = mapping.format or readers.FORMATS.get(self.delivery.suffix, "csv")
        source = readers.open_source(self.warehouse.stage, self.copy, reading, fmt)
        cells = Cells(self.feed, mapping, source.headers, name)
        extra = self._unmapped(source.headers)
        return Plan(self.feed, mapping, cells, source, extra, iso_dates=fmt in _TYPED)

    def _refuse_lost_headers(self, plan: Plan) -> None:
        """A landing of the past took the file as it was."""
        lacking = plan.cells.absent
        self.columns_read = sorted(
            name
            for name, spec in self.mapping.columns.items()
            if spec.groups and name not in lacking
        )
        if self.batch.moment is None:
            landed, meaning = self.batch.landed_files, self.entry.mapping_hash
            gone = set(lacking).difference(self.mapping.may_lack)
            earlier = {name: landed.file_with(self.mapping, meaning, name) for name in gone}
            absent_headers.refuse(plan, {name: file for name, file in earlier.items() if file})

    def _leave_out_forgotten(self, arriving: Arriving, content: str) -> None:
        """What lands and is archived is the content without persons who were removed."""
        cleaned = arriving.clean(self.copy, self.delivery)
        if cleaned is None:
            self.entry = replace(self.entry, file_hash=content)
            return
        self.copy.unlink()
        self.copy = self.folder / f"{cleaned.file_hash}{cleaned.suffix}"
        cleaned.path.replace(self.copy)
        self.entry = replace(self.entry, file_hash=cleaned.file_hash, size=cleaned.size)
        self.cleaned_from = content
        rows = len(cleaned.rows)
        self.cleaning = f"{rows} rows name persons who were removed; they landed without the person"

    def _unmapped(self, found: list[str]) -> list[int]:
        """Headers that no mapping of this file reads; their cells are kept in `_extra`."""
        index, read = headers.index_of(found), set()
        for mapping in self.batch.mappings:
            if inbox.wants(mapping, self.delivery):
                read |= {headers.find(header, index) for header in mapping.headers}
        return [i for i in range(len(found)) if i not in read]

    def _is_divided(self) -> bool:
        """Whether another mapping of the feed takes rows of this file too."""
        return any(
            mapping.feed == self.mapping.feed and mapping.place != self.mapping.place
            for mapping in self.batch.mappings
            if inbox.wants(mapping, self.delivery)
        )

    def _left_out(self) -> int:
        """Rows that `where` of the mapping leaves to other mappings."""
        [(count,)] = self.warehouse.stage.execute(
            "select count(*) from stage.landed where not _taken and not _blank"
        ).fetchall()
        return count

    def _bad_rows(self, plan: Plan) -> tuple[int, dict[str, Decimal], dict[str, Decimal]]:
        """How many rows are bad, and per control column their total and that of all detail rows."""
        names = self.feed.control_totals
        sums = "".join(
            f", coalesce(sum({ident(name)}) filter (_bad and not _total), 0)"
            f", coalesce(sum({ident(name)}) filter (not _total), 0)"
            for name in names
        )
        [(count, *found)] = self.warehouse.stage.execute(
            f"select count(*) filter (_bad){sums} from stage.landed_rows where not _blank"
        ).fetchall()
        bad, detail = (
            dict(zip(names, found[::2], strict=True)),
            dict(zip(names, found[1::2], strict=True)),
        )
        return count + len(plan.source.refused), bad, detail

    def _warnings(self, plan: Plan, verdict: Verdict, sums: dict[str, Decimal]) -> list[str]:
        found, feed = self._wrong_totals(plan, sums), self.feed
        if self.cleaning:
            found.append(self.cleaning)
        if plan.extra:
            shown = header_words.shown([plan.source.headers[i] for i in plan.extra], trusted=True)
            found.append(f"{UNMAPPED}: {shown}")
        if verdict.contradictions:
            order = (
                f"the latest {feed.cursor}, then the last row" if feed.cursor else "the last row"
            )
            found.append(
                f"{verdict.contradictions} keys of {feed.code} occur with differing content in this file; "
                f"{order} counts, the others are in history.{feed.table}"
            )
        mode = withdraw.mode_of(feed, self.mapping, self.delivery.name)
        found += withdraw.warnings(feed, mode, verdict.withdrawn, verdict.in_doubt)
        if verdict.outdated:
            by = f"{feed.cursor} or the age of the file" if feed.cursor else "the age of the file"
            found.append(
                f"{verdict.outdated} rows are older than those that landed before, by {by}; they change nothing"
            )
        times = [c.name for c in feed.columns.values() if c.required and c.data_type == "timestamp"]
        for name in times:
            late = f"{ident(name)} > now()::timestamp + interval 2 day"
            row = self.warehouse.stage.execute(
                f"select count(*) from stage.landed_rows where not _bad and {late}"
            ).fetchone()
            if row and row[0]:
                found.append(f"{row[0]} rows have {name} more than two days in the future")
        return found

    def _wrong_totals(self, plan: Plan, sums: dict[str, Decimal]) -> list[str]:
        """Total rows of the file that its own rows contradict."""
        [(count,)] = self.warehouse.stage.execute(
            "select count(*) from stage.landed_rows where _total"
        ).fetchall()
        if not count or not sums:
            return []
        rows = self.warehouse.stage.execute(
            f"select row_number, reason from ({plan.quarantine(sums)}) "
            f"where reason_code = 'total_row' and contains(reason, {quoted(row_checks.NOT_THE_SUM)})"
        ).fetchall()
        return [f"row {number}: {reason}" for number, reason in rows]

    def _archive(self) -> str | None:
        """Keep the content under its hash: complete or not at all. None in a dry run."""
        if self.batch.dry_run:
            return None
        relative = archive.place_of(self.entry.file_hash, self.copy.suffix)
        self._keep(self.copy, relative)
        return relative

    def _keep(self, copy: Path, relative: str) -> None:
        target = self.batch.settings.archive / relative
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with copy.open("rb") as stream:
                os.fsync(stream.fileno())
            copy.replace(target)

    def _archive_lookups(self) -> list[LookupFile]:
        """Keep the files that values were looked up in: without them the file cannot land again."""
        found = []
        for lookup in [] if self.batch.dry_run else lookups.of(self.mapping):
            table = lookups.delivery_of(lookup, self.batch.found.deliveries)
            copy = self.folder / f"lookup{table.suffix}"
            content, _ = inbox.fetch(table, copy)
            relative = archive.place_of(content, table.suffix)
            self._keep(copy, relative)
            at = archive.stamp(table.modified_at)
            found.append(LookupFile(table.name, table.member, at, content, relative))
        return found
