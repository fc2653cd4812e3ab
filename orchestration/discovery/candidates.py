"""Which column of a table fits which column of a feed: by its header, its cells and the words in it.

Every pair has a confidence from 0 to 1; each header goes to one column, so that the sum is largest.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from orchestration.config.contract import Column, Feed
from orchestration.config.mapping import SCOPE
from orchestration.discovery import value_words
from orchestration.discovery.facts import NUMBERS, TIMES, Facts
from orchestration.discovery.likeness import likeness
from orchestration.discovery.names import Header

LEAST = 0.5
"""The confidence below which a column is not proposed."""
_REPEATED = re.compile(r".+\.[1-9]")
"""A header that the file has twice: the first one is proposed."""
_PHONE = {"phone": 1.0, "masked": 0.9, "integer": 0.7, "text": 0.8, "empty": 0.8}
_NAMES = (
    "full_name",
    "family_name",
    "given_name",
    "receiver_name",
    "city",
    "province",
    "country",
    "product_name",
    "category",
    "brand",
)


@dataclass(frozen=True)
class Candidate:
    """A header proposed for a column, with the confidence of the proposal."""

    column: str
    facts: Facts
    confidence: float


def assigned(
    feed: Feed, headers: Sequence[Header], facts: Sequence[Facts], is_about: bool
) -> dict[str, Candidate]:
    """The best candidate of every column of a feed, without a header that is used twice."""
    columns = [column for column in feed.columns.values() if column.name not in SCOPE]
    if not headers or not columns:
        return {}
    weights = np.array(
        [
            [confidence(feed, column, header, fact, is_about) for column in columns]
            for header, fact in zip(headers, facts, strict=True)
        ]
    )
    weights[weights < LEAST] = 0
    bonus = np.array([0.03 if column.required else 0.0 for column in columns])
    # Of equal headers the first is taken.
    order = np.array([[1 - 1e-4 * i] for i in range(len(headers))])
    rows, places = linear_sum_assignment(-(weights + bonus * (weights > 0)) * order)
    return {
        columns[place].name: Candidate(columns[place].name, facts[row], float(weights[row, place]))
        for row, place in zip(rows, places, strict=True)
        if weights[row, place] >= LEAST
    }


def confidence(feed: Feed, column: Column, header: Header, facts: Facts, is_about: bool) -> float:
    """How well a header with its cells fits a column; 0 for what a loading tool has added."""
    if header.text.startswith("_") or _REPEATED.fullmatch(header.text):
        return 0.0
    fit = _fit(feed, column, facts)
    if fit == 0:
        return 0.0
    name = likeness(header, feed, column.name, is_about)
    if (facts.kind == "email" and column.name == "email") or (
        facts.kind == "phone" and column.name == "phone"
    ):
        name = max(name, 0.7)
    if column.values and facts.words:
        known = value_words.known_share(feed.code, column, facts.words)
        name = min(1.0, name + 0.15 * known) if known >= 0.5 else name * (0.75 if name < 1 else 0.9)
    return round(name * fit, 3)


def _fit(feed: Feed, column: Column, facts: Facts) -> float:
    """How well the cells suit the type of a column; 0 where landing would refuse most of them."""
    kind, data_type = facts.kind, column.data_type
    if kind == "empty":
        return 0.8 if not column.required else 0.0
    if data_type in ("date", "timestamp"):
        return facts.share if kind in TIMES else 0.0
    if data_type == "boolean":
        return 1.0 if kind == "boolean" or (set(facts.words) <= {"0", "1"} and facts.words) else 0.0
    if data_type != "string":
        return _numeric(column, facts)
    return _textual(feed, column, facts)


def _numeric(column: Column, facts: Facts) -> float:
    if facts.kind not in NUMBERS:
        return 0.0
    if column.name.endswith("_rate"):
        return 1.0
    if facts.kind == "percent":
        return 0.0
    return 1.0 if column.data_type != "bigint" or facts.kind == "integer" else 0.6


def _textual(feed: Feed, column: Column, facts: Facts) -> float:
    kind, name = facts.kind, column.name
    if name == "phone":
        return _PHONE.get(kind, 0.0)
    if name == "email":
        return {"email": 1.0, "masked": 0.8, "empty": 0.8, "text": 0.4}.get(kind, 0.0)
    if kind in ("email", "phone") and name not in (
        "customer_id",
        "id_value",
        "visitor_id",
        "unit_id",
    ):
        return 0.0
    if column.values:
        return 1.0 if facts.words else 0.0
    if kind in TIMES or kind == "percent":
        return 0.0
    if name.endswith(("_url",)):
        return 1.0 if kind in ("url", "text") else 0.0
    if name in _NAMES:
        return 1.0 if kind in ("text", "masked") else 0.15 if kind == "integer" else 0.0
    if name.endswith(("_id", "_no")) or name in feed.key:
        return _identifying(facts)
    return 0.9 if kind in NUMBERS else 1.0


def _identifying(facts: Facts) -> float:
    if facts.kind == "decimal":
        return 0.1
    return 1.0 if facts.kind != "boolean" else 0.1


def explained(found: Mapping[str, Candidate], facts: Sequence[Facts]) -> float:
    """The share of the columns with cells that a feed explains, each by its confidence."""
    filled = sum(
        fact.kind != "empty"
        and not fact.header.startswith("_")
        and not _REPEATED.fullmatch(fact.header)
        for fact in facts
    )
    return sum(c.confidence for c in found.values() if c.facts.kind != "empty") / max(filled, 1)
