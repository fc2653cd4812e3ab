"""The exports of a shop: files of one layout together, with what is known of their cells and feeds."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

import duckdb

from orchestration.config.contract import load_contract
from orchestration.discovery import candidates, feeds, known_exports
from orchestration.discovery.facts import FEW, Facts, facts_of
from orchestration.discovery.feed_match import FeedMatch
from orchestration.discovery.known_exports import Recognised
from orchestration.discovery.names import headers_of
from orchestration.discovery.relations import Ids, Lookup
from orchestration.discovery.tables import Opener, Table
from orchestration.landing.read import headers
from orchestration.landing.read.inbox import Delivery
from orchestration.system.landing_errors import FileRejected
from orchestration.system.masking import plain
from orchestration.system.sql import ident

_SURE = 0.8
"""The confidence from which another header is proposed for one that a profile misses."""
Progress = Callable[[int, int, str], None]
"""Called with the number of a file, how many there are, and its name."""


@dataclass
class Export:
    """One layout: the table of its largest file, the names of all its files, and what they are."""

    table: Table
    files: list[str]
    rows: int
    facts: list[Facts]
    profiles: list[Recognised] = field(default_factory=list)
    matches: list[FeedMatch] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    spellings: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """By column, the replacements that bring its ids to the spelling of another file."""
    renamed: dict[str, dict[str, str]] = field(default_factory=dict)
    """By profile and column, a header that the profile does not read and that seems to fill the column."""
    lookups: list[Lookup] = field(default_factory=list)
    system: str | None = None
    """The source system, where another file of the shop decides it."""

    @property
    def pattern(self) -> str:
        """A glob for the files and those that come later: digits may differ."""
        return pattern_of(self.files)

    def holding(self, column: str) -> Iterator[Ids]:
        """The cells that fill a column, per feed that the export is."""
        for match in self.matches:
            if column in match.columns:
                yield Ids(self.table, match.feed, column, match.columns[column].facts)
        index = headers.index_of(self.table.headers)
        for found in self.profiles:
            spec = known_exports.profile(found.profile).columns.get(column)
            places = [
                p
                for h in (spec.headers if spec else ())
                if (p := headers.find(h, index)) is not None
            ]
            if places:
                yield Ids(self.table, found.feed, column, self.facts[places[0]])

    @property
    def feed_codes(self) -> list[str]:
        """The feeds of the contract that the export fills."""
        return [one.feed for one in (self.profiles or self.matches)]


def read_exports(
    con: duckdb.DuckDBPyConnection,
    opener: Opener,
    deliveries: Sequence[Delivery],
    progress: Progress,
) -> tuple[list[Export], list[tuple[str, str]]]:
    """Every layout among the files, in the order of their names, and the files that cannot be read."""
    groups: dict[tuple[object, ...], list[Table]] = {}
    unreadable = []
    for number, delivery in enumerate(deliveries, start=1):
        progress(number, len(deliveries), delivery.name)
        try:
            for table in opener.tables(delivery):
                layout = (
                    table.headers,
                    table.format == "xlsx",
                    table.sheet,
                    table.each,
                    bool(table.shape.header_row),
                )
                groups.setdefault((*layout, _folder(table.file)), []).append(table)
        except FileRejected as error:
            unreadable.append((delivery.name, str(error)))
        except duckdb.Error as error:
            unreadable.append((delivery.name, f"cannot be read ({plain(error)}); export it again"))
    exports = [_export(con, tables) for tables in groups.values()]
    recognised = {name for export in exports if export.profiles for name in export.files}
    for export in exports:
        # The other lists of a JSON file, and other sheets, are known to be of no use.
        if not export.profiles and recognised >= set(export.files):
            export.matches = []
    return exports, unreadable


def _folder(name: str) -> str:
    return str(PurePosixPath(name).parent)


def _export(con: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> Export:
    largest = max(tables, key=lambda table: table.rows)
    others = [table for table in tables if table is not largest]
    facts = facts_of(con, largest)
    if others:
        facts = [_with_words(con, fact, others) for fact in facts]
    export = Export(
        largest,
        list(dict.fromkeys(table.file for table in tables)),
        sum(table.rows for table in tables),
        facts,
    )
    export.profiles = known_exports.recognised(largest, facts)
    if export.profiles:
        export.renamed = {one.profile: _renamed(one, export) for one in export.profiles}
    else:
        export.matches = feeds.matches(con, largest, facts)
    export.findings = list(_findings(export, tables))
    return export


def _renamed(found: Recognised, export: Export) -> dict[str, str]:
    """Headers that can stand for those that the profile misses, by their words and their cells."""
    feed = load_contract()[found.feed]
    unread = [fact for fact in export.facts if fact.header in found.unread and fact.filled]
    named = headers_of([fact.header for fact in unread])
    missing = {
        name: column
        for name, column in feed.columns.items()
        if name in found.missing and known_exports.profile(found.profile).columns[name].headers
    }
    likely = candidates.assigned(replace(feed, columns=missing), named, unread, is_about=True)
    return {name: one.facts.header for name, one in likely.items() if one.confidence >= _SURE}


def _with_words(con: duckdb.DuckDBPyConnection, fact: Facts, others: Sequence[Table]) -> Facts:
    """The facts with the words of the other files of the layout."""
    if not fact.words:
        return fact
    union = " union ".join(
        f"select c{fact.position} as v from {ident(table.relation)}" for table in others[:50]
    )
    [(more,)] = con.execute(
        f"select list(v order by v) from ({union}) where v is not null"
    ).fetchall()
    words = tuple(dict.fromkeys([*fact.words, *(more or [])]))
    return replace(fact, words=words if len(words) <= FEW else ())


def _findings(export: Export, tables: Sequence[Table]) -> Iterator[str]:
    """What is in danger in the cells, with the header and what to do."""
    totals = sum(table.totals for table in tables)
    if totals:
        yield f"{totals} rows of totals or explanations are no records; they are quarantined as such"
    if not export.table.shape.header_row:
        yield "the first row looks like a record, so that columns are given by position; export with headers if you can"
    for fact in export.facts:
        yield from (f"{fact.header}: {danger}" for danger in fact.dangers)
        if fact.kind in ("integer", "decimal") and fact.share < 1:
            yield f"{fact.header}: {_few(1 - fact.share)} of the cells are no numbers"
        if fact.kind in ("date", "timestamp") and 0 < fact.share < 1:
            yield f"{fact.header}: {_few(1 - fact.share)} of the cells are no dates"
    yield from export.table.warnings


def _few(share: float) -> str:
    return "less than 0.1 %" if share < 0.001 else f"{share:.1%}"


def pattern_of(names: Sequence[str]) -> str:
    """A glob for the names: what differs between them, and any digits, become `*`."""
    if len(names) == 1 and not re.search(r"\d", PurePosixPath(names[0]).name):
        return names[0]
    globs = {_starred(name) for name in names}
    if len(globs) == 1:
        return globs.pop()
    first, last = min(globs), max(globs)
    same = next(
        (i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b),
        min(len(first), len(last)),
    )
    suffix = PurePosixPath(first).suffix
    return f"{first[:same]}*{suffix}" if "/" not in first[same:] else f"**/*{suffix}"


def _starred(name: str) -> str:
    folder, _, last = name.rpartition("/")
    stem = re.sub(r"\*[*_. -]*\*|\*+", "*", re.sub(r"[0-9]+", "*", last))
    return f"{folder}/{stem}" if folder else stem
