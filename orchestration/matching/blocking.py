"""Which pairs of records are worth comparing: those that share one of many keys.

A key is a value or two that a mistake elsewhere leaves alone. The pairs of a key grow with the square
of the records that share it, so frequent values find nothing: by the policy's limit, and by a budget
for each rule that grows with the records and not with their square.
"""

import duckdb

from orchestration.matching.policy import MatchPolicy

_NAMES = "least(given, family) || ' ' || greatest(given, family)"
_RULES = {
    "national id": ("national",),
    "phone": ("phone",),
    "email": ("email",),
    "mailbox": ("case when length(mailbox) > 4 then mailbox end",),
    "address": ("address",),
    "names": (_NAMES,),
    "names and city": (f"{_NAMES} || city",),
    "birth": ("birth",),
    "birth and place": ("birth || coalesce(postcode, city)",),
    # Either name, so that swapped names meet.
    "birth and a name": ("birth || given", "birth || family"),
    "a name": ("given", "family"),
    "start of a name and month of birth": (
        "left(birth, 6) || left(given, 2)",
        "left(birth, 6) || left(family, 2)",
    ),
    "start of a name and day of birth": (
        "right(birth, 4) || left(given, 2)",
        "right(birth, 4) || left(family, 2)",
    ),
    "start of mailbox and a name": ("left(mailbox, 4) || given", "left(mailbox, 4) || family"),
    "postcode and a name": ("postcode || given", "postcode || family"),
    "address and a name": ("left(address, 8) || given", "left(address, 8) || family"),
    "end of phone and a name": ("right(phone_ends, 4) || given", "right(phone_ends, 4) || family"),
    "start of phone and a name": ("left(phone, 7) || given", "left(phone, 7) || family"),
}
_ENOUGH = 50_000
"""Pairs that a rule may find in any case."""
_PER_RECORD = 1
"""Pairs that it may find for each record, where these are more."""


def find_pairs(con: duckdb.DuckDBPyConnection, policy: MatchPolicy) -> int:
    """Fill `pairs` (rid_l < rid_r) with pairs of which at least one record is in `fresh`.

    Left out are pairs that an identifier speaks for or against: one member card or unionid, or two.
    """
    [(records, fresh)] = con.execute(
        "select (select count(*) from features), (select count(*) from fresh)"
    ).fetchall()
    budget = max(_ENOUGH, _PER_RECORD * records)
    con.execute("create or replace table found (rid_l bigint, rid_r bigint)")
    for expressions in _RULES.values():
        _keys(con, expressions, everything=fresh == records)
        largest = _largest_block(con, policy.max_block_size, budget)
        con.execute(
            """insert into found
            select distinct l.rid, r.rid
            from keys as l
            inner join keys as r on l.key = r.key and l.rid < r.rid
            where l.key in (select key from blocks where row_count <= $largest)
                and (l.is_fresh or r.is_fresh)""",
            {"largest": largest},
        )
    con.execute(
        """create or replace table pairs as
        select distinct found.rid_l, found.rid_r
        from found
        inner join features as l on found.rid_l = l.rid
        inner join features as r on found.rid_r = r.rid
        where coalesce(l.card, l.unionid, r.card, r.unionid) is null
            or ((l.card is null or r.card is null) and (l.unionid is null or r.unionid is null))"""
    )
    con.execute("drop table found; drop table keys; drop table blocks")
    [(count,)] = con.execute("select count(*) from pairs").fetchall()
    return count


def _keys(
    con: duckdb.DuckDBPyConnection, expressions: tuple[str, ...], *, everything: bool
) -> None:
    """Fill `keys` with those of one rule, and `blocks` with how many records share each."""
    query = " union ".join(
        f"select hash({expression}) as key, rid, {'true' if everything else 'rid in (from fresh)'} as is_fresh "
        f"from features where {expression} is not null"
        for expression in expressions
    )
    con.execute(f"create or replace table keys as {query}")
    con.execute(
        "create or replace table blocks as select key, count(*) as row_count from keys "
        "group by key having count(*) > 1 and bool_or(is_fresh)"
    )


def _largest_block(con: duckdb.DuckDBPyConnection, limit: int, budget: int) -> int:
    """The most records that may share a key for all pairs of such keys to stay in the budget."""
    found = con.execute(
        """select max(row_count) from (
            select row_count, sum(count(*) * row_count * (row_count - 1) / 2) over (order by row_count) as pairs
            from blocks where row_count <= $limit group by row_count
        ) where pairs <= $budget""",
        {"limit": limit, "budget": budget},
    ).fetchone()
    return int(found[0] or 0) if found else 0
