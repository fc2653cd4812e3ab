"""How the files of a shop belong together: equal ids, ids in another spelling, and tables of names.

Only values decide: a relation is proposed where nearly all values of the smaller side are found.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from orchestration.config.contract import load_contract
from orchestration.discovery import names
from orchestration.discovery.facts import Facts
from orchestration.discovery.feed_match import FeedMatch
from orchestration.discovery.likeness import likeness
from orchestration.discovery.names import headers_of
from orchestration.discovery.tables import Table
from orchestration.system.sql import ident, quoted

MOST = 0.9
"""The share of values that must be found on the other side."""
_HALF = 0.5
"""The share from which a relation is named where no spelling explains the rest."""
_FEWEST, _FOR_SPELLINGS = 5, 20
"""Distinct ids that a relation needs, in one spelling and in two."""
SPELLINGS: tuple[tuple[str, str], ...] = (
    ("[^0-9A-Za-z]", ""),
    ("^[A-Za-z]+", ""),
    ("^0+", ""),
    *((f"^.{{{count}}}", "") for count in range(1, 9)),
)
"""Replacements after which ids of two systems can be equal."""


@dataclass(frozen=True)
class Ids:
    """A column of ids: the table, the feed's column and the cells."""

    table: Table
    feed: str
    column: str
    facts: Facts


@dataclass(frozen=True)
class Link:
    """`left` holds ids of `right`; `replace` brings the spelling of `left` to that of `right`."""

    left: Ids
    right: Ids
    share: float
    replace: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Lookup:
    """A table of names: the header of its key, of the name, and the column that the name fills."""

    of: Ids
    column: str
    table: Table
    key: str
    value: str


def overlap(
    con: duckdb.DuckDBPyConnection, left: Ids, right: Ids, replace: Sequence[tuple[str, str]] = ()
) -> float:
    """The share of the distinct ids of the smaller side that the other side has."""
    cell = f"c{left.facts.position}"
    for pattern, new in replace:
        cell = f"regexp_replace({cell}, {quoted(pattern)}, {quoted(new)}, 'g')"
    [(common, a, b)] = con.execute(
        f"with l as (select distinct {cell} as v from {ident(left.table.relation)} where {cell} <> ''), "
        f"r as (select distinct c{right.facts.position} as v from {ident(right.table.relation)} "
        f"where c{right.facts.position} is not null) "
        "select (select count(*) from l semi join r using (v)), (select count(*) from l), (select count(*) from r)"
    ).fetchall()
    return common / min(a, b) if min(a, b) >= _FEWEST else 0.0


def link(con: duckdb.DuckDBPyConnection, left: Ids, right: Ids) -> Link | None:
    """The relation of two columns of ids, in one spelling or in two; None where there is none."""
    plain = overlap(con, left, right)
    if plain >= MOST:
        return Link(left, right, plain)
    if min(left.facts.distinct, right.facts.distinct) >= _FOR_SPELLINGS:
        for spelling in (*_prefixes(con, left), *SPELLINGS):
            share = overlap(con, left, right, [spelling])
            if share >= MOST:
                return Link(left, right, share, (spelling,))
    return Link(left, right, plain) if plain >= _HALF else None


def _prefixes(con: duckdb.DuckDBPyConnection, ids: Ids) -> list[tuple[str, str]]:
    """Replacements of the letters with which most ids begin."""
    found = con.execute(
        f"select k, p from (select k, left(c{ids.facts.position}, k) as p, count(*) as n "
        f"from {ident(ids.table.relation)}, range(1, 7) as lengths(k) group by k, p) "
        f"where n * 2 > {ids.facts.filled} and regexp_full_match(p, '[A-Za-z]+') order by k"
    ).fetchall()
    return [(f"^{prefix}", "") for _, prefix in found]


def ids_of(table: Table, match: FeedMatch, columns: Sequence[str]) -> Iterator[Ids]:
    """The named columns that a table has, as columns of ids."""
    for name in columns:
        if name in match.columns:
            yield Ids(table, match.feed, name, match.columns[name].facts)


def lookups(
    con: duckdb.DuckDBPyConnection,
    tables: Sequence[tuple[Table, Sequence[Facts], Sequence[FeedMatch]]],
) -> list[Lookup]:
    """For columns of ids that no column of the feed takes: names in tables that are no feed."""
    found = []
    plain = [(table, facts) for table, facts, matches in tables if not matches]
    for table, facts, matches in tables:
        for match in matches:
            taken = {candidate.facts.position for candidate in match.columns.values()}
            for fact in facts:
                if (
                    fact.position in taken
                    or not fact.filled
                    or fact.kind not in ("integer", "text")
                ):
                    continue
                found += _names_for(con, Ids(table, match.feed, "", fact), match, plain)
    return found


def _names_for(
    con: duckdb.DuckDBPyConnection,
    ids: Ids,
    match: FeedMatch,
    plain: Sequence[tuple[Table, Sequence[Facts]]],
) -> list[Lookup]:
    """The first table whose unique key, under the same header, has the ids."""
    [header] = headers_of([ids.facts.header])
    feed = load_contract()[match.feed]
    stem = tuple(word for word in header.words if word not in ("id", "number", "code", "key"))
    if not stem or stem == header.words:
        return []
    for table, facts in plain:
        keys = [f for f in facts if f.is_unique and headers_of([f.header])[0].words == header.words]
        for key in keys:
            if overlap(con, ids, Ids(table, "", "", key)) < MOST:
                continue
            value = next(
                (f for f in facts if f.kind == "text" and "name" in names.words_of(f.header)), None
            )
            about = names.Header(" ".join(stem), stem, stem, is_han=False)
            fits = {
                c.name: likeness(about, feed, c.name, True)
                for c in feed.columns.values()
                if c.data_type == "string"
                and not c.name.endswith("_id")
                and c.name not in match.columns
            }
            column = max(fits, key=lambda name: fits[name], default="")
            if value and column and fits[column] >= 0.8:
                return [Lookup(ids, column, table, key.header, value.header)]
    return []
