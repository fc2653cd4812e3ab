"""Files that arrive after a removal: what they hold of a removed person neither lands nor is archived."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.config.mapping import FeedMapping
from orchestration.config.settings import Settings
from orchestration.landing.read.inbox import Delivery
from orchestration.landing.record import archive
from orchestration.landing.record.ledger import Entry
from orchestration.landing.redact import tokens
from orchestration.landing.redact.content import Cleaned, Cleaner


@dataclass
class Arriving:
    """The list at work in one landing."""

    settings: Settings
    cleaner: Cleaner
    ledger: archive.Ledger

    def present_hash(self, content: str) -> str:
        """The hash under which a content is known since a person was removed from it."""
        return self.ledger.present_hash(content)

    def clean(self, path: Path, delivery: Delivery) -> Cleaned | None:
        """The delivered content without removed persons, None where it holds none."""
        self.cleaner.folder = path.parent
        return self.cleaner.clean(path, delivery)

    def note(self, old: str, entry: Entry, place: str) -> None:
        """Remember what a delivered content was archived as: delivered again, it is no news."""
        if old != entry.file_hash and self.present_hash(old) != entry.file_hash:
            reason = "a removed person was left out"
            archive.append_replaced(self.settings, old, entry.file_hash, place, entry.size, reason)


def open_list(
    settings: Settings,
    stage: duckdb.DuckDBPyConnection,
    mappings: Sequence[FeedMapping],
    deliveries: tuple[Delivery, ...],
) -> Arriving | None:
    """The list of the home, or None if no person was ever removed."""
    if not tokens.exists(settings):
        return None
    listed = tokens.load(settings)
    listed.install(stage)
    cleaner = Cleaner(stage, listed, mappings, deliveries, settings.scratch)
    return Arriving(settings, cleaner, archive.read(settings))
