"""Finding the headers that a mapping asks for among the headers that a file has.

Tolerant to case, full and half width, spaces, BOM and the unit in parentheses; never guesses:
a header that only resembles a wanted one is named in the error, not taken.
"""

import difflib
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from orchestration.config.contract import Feed
from orchestration.config.mapping import FeedMapping
from orchestration.landing.read import header_words
from orchestration.landing.read.currency_words import MARKS
from orchestration.landing.read.header_words import normal
from orchestration.landing.read.source import Groups, Reading, Refused, Wanted
from orchestration.landing.read.totals import NOTE_ROW
from orchestration.system.landing_errors import FileRejected

_UNIT = re.compile(rf"[(\[](件|笔|个|人|次|%|{MARKS})[)\]]$", re.IGNORECASE)


def unique(headers: Sequence[str | None]) -> list[str]:
    """Clean header names: blanks become `column<n>`, the second of a name gets `.1`, and so on."""
    seen: dict[str, int] = {}
    names = []
    for i, header in enumerate(headers, start=1):
        name = (header or "").strip(" \t\r\n\ufeff\u3000\u00a0\"'=") or f"column{i}"
        count = seen.get(name, 0)
        seen[name] = count + 1
        names.append(f"{name}.{count}" if count else name)
    return names


def index_of(headers: Sequence[str]) -> dict[str, int]:
    """Position of every header by its comparable form; the form without unit where unambiguous."""
    found: dict[str, int] = {}
    bare: dict[str, list[int]] = {}
    for i, header in enumerate(headers):
        form = normal(header)
        found.setdefault(form, i)
        bare.setdefault(_UNIT.sub("", form), []).append(i)
    for form, places in bare.items():
        if len(places) == 1:
            found.setdefault(form, places[0])
    return found


def find(header: str, index: dict[str, int]) -> int | None:
    """Position of one wanted header, with or without its unit."""
    form = normal(header)
    return index.get(form, index.get(_UNIT.sub("", form)))


@lru_cache(maxsize=65_536)
def _forms(group: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of an index under which `find` would see one of some wanted headers."""
    forms = [normal(header) for header in group]
    return (*forms, *(_UNIT.sub("", form) for form in forms))


def score(headers: Sequence[str], want: Wanted) -> tuple[int, int]:
    """How many required groups and how many groups in all are among the headers."""
    index = index_of(headers)

    def hits(groups: Groups) -> int:
        return sum(not index.keys().isdisjoint(_forms(group)) for _, group in groups)

    required = hits(want.required)
    return required, required + hits(want.optional)


def wanted(mapping: FeedMapping, feed: Feed) -> Wanted:
    """Which headers a file must have and which it may have. Derived and repaired columns may lack theirs."""
    required, optional = [], []
    otherwise = {*mapping.derive, *(repair.column for repair in mapping.repairs)}
    for name, spec in mapping.columns.items():
        column = feed.columns[name]
        must = column.required and column.default is None and name not in otherwise
        for group in spec.groups:
            (required if must else optional).append((name, group))
    optional += [("fill_down", (header,)) for header in mapping.fill_down]
    required += [("where", (header,)) for header in mapping.where]
    return Wanted(f"{mapping.place} of shop.yml", required, optional)


def locate(rows: Sequence[Sequence[str]], want: Wanted) -> tuple[int, tuple[int, int]]:
    """Index and score of the row that is most likely the header: the first with the most matches."""
    best, best_score = 0, (-1, -1)
    everything = len(want.required), len(want.required) + len(want.optional)
    for i, row in enumerate(rows):
        found = score(row, want)
        if found > best_score:
            best, best_score = i, found
        if found == everything:
            break
    return best, best_score


def joined(rows: Sequence[Sequence[str]], place: int, levels: int) -> list[str]:
    """The header that stands in so many rows from `place` on: `upper/lower`, or numbers where it has no row.

    A blank cell beside an upper header belongs to it, as in merged cells, unless the header has
    nothing below it.
    """
    if levels == 0:
        return [str(number) for number in range(1, len(rows[0]) + 1)] if rows else []
    if levels == 1:
        return list(rows[place])
    width = max(len(row) for row in rows[place : place + levels])
    level = [[*row, *[""] * (width - len(row))] for row in rows[place : place + levels]]
    for upper, lower in pairwise(level):
        for i in range(1, width):
            if not upper[i].strip() and lower[i].strip() and lower[i - 1].strip():
                upper[i] = upper[i - 1]
    return [
        "/".join(dict.fromkeys(c.strip() for c in cells if c.strip()))
        for cells in zip(*level, strict=True)
    ]


def place_of(
    rows: Sequence[Sequence[str]], want: Wanted, levels: int, row: int | None
) -> tuple[int, tuple[int, int]]:
    """Index and score of the first row of the header. `row`: where shop.yml says that it begins."""
    if levels == 0:
        return 0, score(joined(rows, 0, 0), want)
    if row is not None:
        return row - 1, score(joined(rows, row - 1, levels), want)
    if levels == 1:
        return locate(rows, want)
    last = max(len(rows) - levels + 1, 1)
    return locate([joined(rows, i, levels) for i in range(last)], want)


def check(headers: Sequence[str], want: Wanted, name: str) -> list[str]:
    """Warnings for optional headers that are absent. Raises `FileRejected` for required ones.

    Headers of the file are listed where its row is recognisably a header; other rows hold records.
    """
    index = index_of(headers)

    def absent(groups: Groups) -> list[tuple[str, tuple[str, ...]]]:
        return [item for item in groups if all(find(h, index) is None for h in item[1])]

    missing = absent(want.required)
    listed = header_words.listable(headers, _mentioned(want)) if missing else None
    problems = []
    for column, group in missing:
        close = difflib.get_close_matches(group[0], listed or [], n=1, cutoff=0.5)
        hint = f"; nearest: {close[0]!r}" if close else ""
        problems.append(f"no header {' or '.join(map(repr, group))} for {column}{hint}")
    if problems:
        found = (
            f"The first rows do not look like headers: {len(headers)} cells"
            if listed is None
            else f"Headers found: {header_words.shown(headers, _mentioned(want))}"
        )
        raise FileRejected(
            f"{name}: {'; '.join(problems)}. {found}. Correct {want.purpose} or export the column."
        )
    return [
        f"header {' or '.join(map(repr, group))} of {column} is not in the file: new rows have no {column}, known values stay"
        for column, group in absent(want.optional)
    ]


def explains(rows: Sequence[Sequence[str]], headers: Sequence[str], reading: Reading) -> bool:
    """Whether the row below the header explains it, as the mapping allows: no required cell has a digit."""
    if not reading.explanation_row or not rows:
        return False
    index = index_of(headers)
    places = {find(h, index) for _, group in reading.want.required for h in group}
    cells = [rows[0][i] or "" for i in places if i is not None and i < len(rows[0])]
    return bool(cells) and not any(letter.isdigit() for cell in cells for letter in cell)


def explanation(cells: Sequence[str], headers: Sequence[str], row: int) -> Refused:
    """The row that explains the header, as it goes to quarantine."""
    payload = json.dumps(dict(zip(headers, cells, strict=False)), ensure_ascii=False)
    return Refused(row, "note_row", NOTE_ROW, payload)


def _mentioned(want: Wanted) -> list[str]:
    return [header for _, group in (*want.required, *want.optional) for header in group]
