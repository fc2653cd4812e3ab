"""Which profile an export fits: by the headers that it reads and by the words of its lists.

A header that many profiles read says less than one that only this profile reads.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from typing import Any

from orchestration.config.contract import load_contract
from orchestration.config.mapping import SCOPE, ColumnSpec
from orchestration.config.mapping_check import PROFILES
from orchestration.config.yaml_file import read_yaml
from orchestration.discovery.facts import Facts
from orchestration.discovery.tables import Table
from orchestration.landing.read import header_words, headers

LEAST = 0.6
"""The share of a profile's headers, weighted, that a file must have."""


@dataclass(frozen=True)
class Recognised:
    """A profile that fits, and what of it differs from the file."""

    profile: str
    feed: str
    description: str
    confidence: float
    read: int
    """Headers of the file that the profile reads."""
    missing: tuple[str, ...]
    """Columns of the profile whose headers the file lacks."""
    unread: tuple[str, ...]
    """Headers of the file that the profile does not read; their cells are kept as they are."""
    unknown_words: dict[str, tuple[str, ...]]
    """By column, words of the file that the profile does not map."""


@dataclass(frozen=True)
class _Profile:
    name: str
    feed: str
    description: str
    system: str
    columns: dict[str, ColumnSpec]
    required: frozenset[str]
    where: tuple[str, ...]
    """Headers that select its rows: other profiles read the other rows of such a file."""
    each: str | None


@cache
def profiles() -> tuple[_Profile, ...]:
    """Every profile, with the columns that a file must have headers for."""
    return tuple(_read(path.stem, read_yaml(path)) for path in sorted(PROFILES.glob("*.yml")))


def profile(name: str) -> _Profile:
    """The profile of a name."""
    return next(one for one in profiles() if one.name == name)


def _read(name: str, content: dict[str, Any]) -> _Profile:
    feed = load_contract()[content["feed"]]
    columns = {
        column: ColumnSpec.model_validate(spec) for column, spec in content["columns"].items()
    }
    derived = set(content.get("derive", {})) | {r["column"] for r in content.get("repairs", [])}
    required = {
        column
        for column, spec in columns.items()
        if spec.groups and feed.columns[column].required and feed.columns[column].default is None
    }
    described = content.get("description", name)
    text = " · ".join(described.values()) if isinstance(described, dict) else str(described)
    system = str(content.get("source_system", name))
    return _Profile(
        name,
        feed.code,
        text,
        system,
        columns,
        frozenset(required - derived - set(SCOPE)),
        tuple(content.get("where", {})),
        content.get("each"),
    )


@cache
def _systems_of_headers() -> Counter[str]:
    """How many source systems read a header."""
    pairs = {
        (profile.system, header_words.normal(header))
        for profile in profiles()
        for spec in profile.columns.values()
        for group in spec.groups
        for header in group
    }
    return Counter(header for _, header in pairs)


def recognised(table: Table, facts: Sequence[Facts]) -> list[Recognised]:
    """The best profile for each feed, the best first; empty where none fits.

    Profiles that read other rows of the same file come with it.
    """
    found = [
        r
        for one in profiles()
        if one.each == table.each and (r := _match(one, table.headers, facts))
    ]
    found.sort(key=lambda r: (-r.confidence, -r.read))
    best: dict[str, Recognised] = {}
    for one in found:
        best.setdefault(one.feed, one)
    top = max((one.confidence for one in best.values()), default=0)
    kept = [one for one in best.values() if one.confidence >= 0.75 * top]
    return kept + [one for one in found if one not in kept and _completes(one, best[one.feed])]


def _completes(one: Recognised, best: Recognised) -> bool:
    """Whether a profile reads rows that the best one of its feed leaves out."""
    a, b = profile(one.profile), profile(best.profile)
    return a.system == b.system and bool(a.where) and one.confidence >= 0.9 * best.confidence


def _match(
    profile: _Profile, table_headers: Sequence[str], facts: Sequence[Facts]
) -> Recognised | None:
    index = headers.index_of(table_headers)
    weight_all = weight_hit = 0.0
    read: set[int] = set()
    missing, own = [], 0
    if any(headers.find(header, index) is None for header in profile.where):
        return None
    total = len({p.system for p in profiles()})
    for column, spec in profile.columns.items():
        for group in spec.groups:
            places = [(h, place) for h in group if (place := headers.find(h, index)) is not None]
            known = min(
                _systems_of_headers()[header_words.normal(h)]
                for h in ([places[0][0]] if places else group)
            )
            weight = log(1 + total / known)
            weight_all += weight
            if places:
                weight_hit += weight
                own += known == 1
                read.add(places[0][1])
            else:
                missing.append(column)
    if (
        not weight_all
        or set(missing) & profile.required
        or (not own and weight_hit < 0.95 * weight_all)
    ):
        return None
    words = _unknown_words(profile, facts, index)
    filled = sum(f.kind != "empty" and not f.header.startswith("_") for f in facts)
    share = len(read) / max(filled, 1)
    coverage = weight_hit / weight_all
    confidence = max(coverage, 0.6 * coverage + 0.4 * min(share, 1.0)) * (0.75 if words else 1.0)
    if confidence < LEAST or len(read) < (2 if own and coverage > 0.99 else 3):
        return None
    return Recognised(
        profile.name,
        profile.feed,
        profile.description,
        round(confidence, 3),
        len(read),
        tuple(missing),
        tuple(h for i, h in enumerate(table_headers) if i not in read),
        words,
    )


def _unknown_words(
    profile: _Profile, facts: Sequence[Facts], index: dict[str, int]
) -> dict[str, tuple[str, ...]]:
    """Words of list columns that the profile neither maps nor passes."""
    feed, found = load_contract()[profile.feed], {}
    for column, spec in profile.columns.items():
        values = feed.columns[column].values
        places = [place for h in spec.headers if (place := headers.find(h, index)) is not None]
        if not values or not isinstance(spec.map, dict) or not places or spec.otherwise != "keep":
            continue
        unknown = [
            w for w in facts[places[0]].words if w not in spec.map and w.casefold() not in values
        ]
        if unknown:
            found[column] = tuple(unknown)
    return found
