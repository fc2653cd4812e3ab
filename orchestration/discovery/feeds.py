"""Which feeds of the contract a table is: by the columns that are found and how ids repeat.

A table with several rows per order can be orders and order lines at once: columns that do not
change within an order belong to the order.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.config.contract import load_contract
from orchestration.discovery import candidates, order_rows
from orchestration.discovery.candidates import Candidate
from orchestration.discovery.facts import Facts
from orchestration.discovery.feed_match import FeedMatch
from orchestration.discovery.names import Header, headers_of, words_of
from orchestration.discovery.tables import Table

FILE_DATE = r"(20\d{2}[-_.]?\d{2}[-_.]?\d{2})"
"""A date in the name of a file."""
_SURE = 0.5
"""The confidence that a needed column must have."""
_CLEAR, _VAGUE = 0.75, 0.6
"""The confidence of a column that says what the table is, alone and beside a clear key."""
_TOO_MANY = 2
"""Columns of another feed that make the table that feed."""
LEAST = 0.3
"""The fit below which a table is no feed."""


@cache
def shapes() -> dict[str, dict[str, Any]]:
    """The content of shapes.yml."""
    found = yaml.safe_load((Path(__file__).parent / "shapes.yml").read_text(encoding="utf-8"))
    return {code: shape for code, shape in found.items() if code in load_contract()}


def matches(
    con: duckdb.DuckDBPyConnection, table: Table, facts: Sequence[Facts]
) -> list[FeedMatch]:
    """The feeds that a table is, the best first: one, or orders with their lines; none for other tables."""
    headers = headers_of(table.headers)
    ranked = sorted(
        (m for code in shapes() if (m := _match(code, table, headers, facts))),
        key=lambda match: -match.fit,
    )
    if not ranked or ranked[0].fit < LEAST:
        return []
    both = {m.feed: m for m in ranked if m.feed in ("erp.orders", "erp.order_lines")}
    if ranked[0].feed in both:
        return order_rows.split(con, table, both.get("erp.orders"), both.get("erp.order_lines"))
    return ranked[:1]


def _match(
    code: str, table: Table, headers: Sequence[Header], facts: Sequence[Facts]
) -> FeedMatch | None:
    shape, feed = shapes()[code], load_contract()[code]
    is_about = not _subjects(table, headers).isdisjoint(shape["about"])
    found = candidates.assigned(feed, headers, facts, is_about)
    needs = _needs(shape, found, is_about)
    others = sum(_names_other(headers, facts, c) for c in shape.get("not", ()))
    if (
        not needs
        or others >= _TOO_MANY
        or any(_names_other(headers, facts, c) for c in shape.get("never", ()))
        or not _has_day(shape, found, table)
    ):
        return None
    fit = sum(needs) / len(needs) * (0.25 + 0.75 * candidates.explained(found, facts))
    fit *= (1.15 if is_about else 1.0) * (1 - 0.2 * others)
    return FeedMatch(code, round(fit, 3), found)


def _subjects(table: Table, headers: Sequence[Header]) -> set[str]:
    """What a table is about: the words of its file's name, and the prefix of its headers."""
    found = set(words_of(re.sub(r"[0-9]+", " ", Path(table.file).stem)))
    return found | {h.words[0] for h in headers if h.bare != h.words}


def _needs(shape: Mapping[str, Any], found: Mapping[str, Candidate], is_about: bool) -> list[float]:
    """The confidence of each column that the feed needs; empty where one is missing."""

    def best(columns: Sequence[str]) -> float:
        return max((found[c].confidence for c in columns if c in found), default=0.0)

    least = shape.get("sure", _SURE)
    ways = [(shape["needs"], 1.0)]
    if is_about and "needs_if_about" in shape:
        ways.append((shape["needs_if_about"], 1.0))
    if "else_needs" in shape:
        ways.append((shape["else_needs"], 0.8))
    for groups, weight in ways:
        needs = [weight * best(group) for group in groups]
        says = best(shape["says"])
        if min(needs) >= least and says >= (_VAGUE if max(needs) >= _CLEAR else _CLEAR):
            return needs
    return []


def _has_day(shape: Mapping[str, Any], found: Mapping[str, Candidate], table: Table) -> bool:
    """Whether a day that the file's name can give is in the file or in its name."""
    dated = [name for name, fill in shape.get("fills", {}).items() if "file_date" in fill]
    return all(name in found for name in dated) or bool(re.search(FILE_DATE, table.file))


def _names_other(headers: Sequence[Header], facts: Sequence[Facts], column: str) -> bool:
    """Whether a header surely names a column of another feed."""
    for code, feed in load_contract().items():
        if column in feed.columns and code in shapes():
            for header, fact in zip(headers, facts, strict=True):
                if (
                    fact.filled
                    and candidates.confidence(feed, feed.columns[column], header, fact, False)
                    >= 0.9
                ):
                    return True
    return False
