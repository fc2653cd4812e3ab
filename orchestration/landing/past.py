"""What earlier landings did: which content is in raw already, and under which mapping."""

import hashlib
import json

import duckdb

from orchestration.contract import Feed
from orchestration.landing.inbox import Delivery
from orchestration.landing.mapping import FeedMapping

READER = "1"
"""Raise it when the same file and mapping would give other rows than before."""


def mapping_hash(mapping: FeedMapping, feed: Feed, lookups: list[str]) -> str:
    """Identity of everything that decides what a file's rows become: mapping, contract, lookups."""
    means = mapping.model_dump(mode="json", exclude={"files", "place", "profile"})
    columns = [
        [c.name, c.data_type, c.required, c.default, c.values, c.min, c.max]
        for c in feed.columns.values()
    ]
    parts = [READER, means, columns, feed.key, feed.cursor, feed.control_totals, lookups]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


class Past:
    """The record of earlier landings, as it was when this one began."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.rows = con.execute(
            "select feed, source_system, shop_id, file_name, file_hash, mapping_hash, status, error "
            "from meta.files order by batch_id, rowid"
        ).fetchall()

    def has(
        self, mapping: FeedMapping, delivery: Delivery, content: str, meaning: str, known: set[str]
    ) -> bool:
        """Whether this content landed under this mapping and nothing took its place since.

        The name counts only to notice that it carried other content, or was read by a mapping that
        shop.yml no longer has (`known`: hashes of those it has), after that.
        """
        scope = (mapping.feed, mapping.source_system, mapping.shop_id)
        landed = [row for row in self.rows if row[:3] == scope and row[6] == "landed"]
        when = [i for i, row in enumerate(landed) if row[4:6] == (content, meaning)]
        if not when:
            return False
        later = [row for row in landed[when[-1] + 1 :] if row[3] == delivery.name]
        return not any(
            (row[5] == meaning and row[4] != content) or row[5] not in known for row in later
        )

    def rejected_alike(self, feed: str, name: str, content: str, error: str) -> bool:
        """Whether the last word on this file is the same rejection of the same content."""
        rows = [row for row in self.rows if row[0] == feed and row[3] == name]
        return bool(rows) and (rows[-1][4], rows[-1][6], rows[-1][7]) == (
            content,
            "rejected",
            error,
        )
