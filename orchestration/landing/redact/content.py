"""One delivered content: whether it holds a removed person, and the same content without."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.config.mapping import FeedMapping
from orchestration.landing.read import inbox
from orchestration.landing.read.inbox import Delivery
from orchestration.landing.redact import prefilter, rewrite
from orchestration.landing.redact.scan import Changes, format_of, plan_of, scan
from orchestration.landing.redact.tokens import Forgotten
from orchestration.system.landing_errors import FileRejected


@dataclass
class Cleaned:
    """The new content and which of its rows are a person's, by feed."""

    path: Path
    suffix: str
    file_hash: str
    size: int
    owned: dict[str, set[int]]
    rows: set[int]
    """Every changed row."""
    by_value_only: bool = False
    """Nothing says what the columns are: only texts that are identifiers themselves were replaced."""


@dataclass
class Cleaner:
    """Cleans contents with the mappings of the shop. `stage` has the list and an attached `stage`."""

    stage: duckdb.DuckDBPyConnection
    listed: Forgotten
    mappings: Sequence[FeedMapping]
    deliveries: tuple[Delivery, ...]
    folder: Path
    hints: frozenset[str] = frozenset()
    """Texts of which a content with the persons holds one, where they are known; saves reading it all."""

    def clean(self, path: Path, delivery: Delivery) -> Cleaned | None:
        """The content without removed persons, or None where it holds none of them."""
        # Elements of a list have no lines of their own: the mapping of the whole objects cleans them.
        takers = [m for m in self.mappings if inbox.wants(m, delivery) and not m.each]
        if self.hints and all(map(_is_plain, takers)) and not prefilter.may_hold(path, self.hints):
            return None
        sheets: dict[str, Changes] = {}
        source, fmt = None, "csv"
        for mapping in takers:
            fmt = format_of(mapping, delivery)
            sheet = _sheet(path, mapping) if fmt == "xlsx" else ""
            try:
                plan = plan_of(self.stage, path, delivery, mapping, self.mappings, self.deliveries)
                source = scan(
                    self.stage, self.listed, plan, sheets.setdefault(sheet, Changes())
                ).source
            except (FileRejected, duckdb.Error):
                continue
        if source is None:
            return self._by_value(path, delivery)
        parts = [h for m in self.mappings if m.each and inbox.wants(m, delivery) for h in m.headers]
        source = replace(source, headers=[*source.headers, *parts])
        if not any(sheets.values()):
            return None
        suffix = rewrite.suffix_of(fmt, delivery.suffix)
        target = self.folder / f"cleaned{suffix}"
        rewrite.rewrite(path, target, fmt, source, sheets)
        owned: dict[str, set[int]] = {}
        for changes in sheets.values():
            for feed, rows in changes.owned.items():
                owned.setdefault(feed, set()).update(rows)
        rows = {row for c in sheets.values() for row in (*c.cells, *c.blanked)}
        return _cleaned(target, suffix, owned, rows)

    def _by_value(self, path: Path, delivery: Delivery) -> Cleaned | None:
        """A content that no mapping reads: texts are searched line by line, tables cell by cell."""
        from orchestration.landing.redact.unmapped_files import scrub_file

        target = self.folder / f"cleaned{delivery.suffix}"
        count = scrub_file(path, target, self.listed)
        if not count:
            return None
        cleaned = _cleaned(target, delivery.suffix, {}, set(range(count)))
        cleaned.by_value_only = True
        return cleaned


def _is_plain(mapping: FeedMapping) -> bool:
    """Whether every column lands as it is in the file."""
    return not any(c.join or c.hash_of or c.replace for c in mapping.columns.values())


def _sheet(path: Path, mapping: FeedMapping) -> str:
    import fastexcel

    try:
        return mapping.sheet or fastexcel.read_excel(path).sheet_names[0]
    except (fastexcel.FastExcelError, IndexError):
        return ""


def _cleaned(path: Path, suffix: str, owned: dict[str, set[int]], rows: set[int]) -> Cleaned:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Cleaned(path, suffix, digest, path.stat().st_size, owned, rows)
