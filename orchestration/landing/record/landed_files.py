"""Files that landed before: which content is in raw already, and under which mapping."""

import hashlib
import json
from collections.abc import Iterable
from itertools import count

import duckdb

from orchestration.config.contract import Feed
from orchestration.config.mapping import FeedMapping
from orchestration.landing.read import inbox
from orchestration.landing.read.inbox import Delivery

READER = "3"
"""Raise it when the same file and mapping would give other rows than before."""

_NAMES = {"files", "place", "profile", "whole", "key_lists"}
"""What names files and mappings, and decides nothing about the rows of a file."""


def mapping_hash(mapping: FeedMapping, feed: Feed, lookups: list[str]) -> str:
    """Identity of everything that decides what a file's rows become: mapping, contract, lookups."""
    means = mapping.model_dump(mode="json", exclude=_NAMES)
    columns = [
        [c.name, c.data_type, c.required, c.default, c.values, c.min, c.max]
        for c in feed.columns.values()
    ]
    parts = [READER, means, columns, feed.key, feed.cursor, feed.control_totals, lookups]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


Scope = tuple[str, str | None, str | None]
_UNKNOWN = "*"
_ANY = (_UNKNOWN,)
"""Stands for the columns of a file that landed before they were noted."""


def _scope(mapping: FeedMapping) -> Scope:
    return mapping.feed, mapping.source_system, mapping.shop_id


class LandedFiles:
    """The record of earlier landings, and of this one so far."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        rows = con.execute(
            "select feed, source_system, shop_id, file_name, file_hash, mapping_hash, status, error, "
            "columns_read from meta.files order by batch_id, rowid"
        ).fetchall()
        self._last: dict[tuple[Scope, str, str], int] = {}
        self._by_name: dict[tuple[Scope, str], list[tuple[int, str, str]]] = {}
        self._verdicts: dict[tuple[str, str], tuple[str, str, str | None]] = {}
        self._readers: dict[Scope, dict[str, dict[str, str]]] = {}
        self._places = count()
        for feed, system, shop, name, content, meaning, status, error, read in rows:
            self._verdicts[feed, name] = (content, status, error)
            if status == "landed":
                columns = _ANY if read is None else read.split(",")
                self._note((feed, system, shop), name, content, meaning, columns)

    def _note(
        self, scope: Scope, name: str, content: str, meaning: str, columns: Iterable[str]
    ) -> None:
        place = next(self._places)
        for column in columns:
            self._readers.setdefault(scope, {}).setdefault(column, {})[name] = meaning
        self._last[scope, content, meaning] = place
        self._by_name.setdefault((scope, name), []).append((place, content, meaning))

    def add(
        self,
        mapping: FeedMapping,
        delivery: Delivery,
        content: str,
        meaning: str,
        columns: Iterable[str],
    ) -> None:
        """What has just landed is past: the same content under another name is no news."""
        self._note(_scope(mapping), delivery.name, content, meaning, columns)

    def ever_read(self, mapping: FeedMapping) -> set[str]:
        """Columns whose headers an earlier file of the feed, source and shop had, or may have had."""
        readers = self._readers.get(_scope(mapping), {})
        return set(mapping.columns) if _UNKNOWN in readers else set(readers)

    def file_with(self, mapping: FeedMapping, meaning: str, column: str) -> str | None:
        """An earlier file of the mapping with the headers of a column: its globs take it, or it took it."""
        found = self._readers.get(_scope(mapping), {}).get(column, {})
        return next(
            (name for name, then in found.items() if then == meaning or inbox.took(mapping, name)),
            None,
        )

    def has(
        self, mapping: FeedMapping, delivery: Delivery, content: str, meaning: str, known: set[str]
    ) -> bool:
        """Whether this content landed under this mapping and nothing took its place since.

        The name counts only to notice that it carried other content, or was read by a mapping that
        shop.yml no longer has (`known`: hashes of those it has), after that.
        """
        scope = _scope(mapping)
        landed = self._last.get((scope, content, meaning))
        if landed is None:
            return False
        return not any(
            (then == meaning and other != content) or then not in known
            for place, other, then in self._by_name.get((scope, delivery.name), [])
            if place > landed
        )

    def rejected_alike(self, feed: str, name: str, content: str, error: str) -> bool:
        """Whether the last word on this file is the same rejection of the same content."""
        return self._verdicts.get((feed, name)) == (content, "rejected", error)
