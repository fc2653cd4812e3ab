"""Scores pairs by the model, and says what speaks for them.

Splink weighs the evidence for one person against chance. That is not enough among people: members of a
household share phone, address and surname, each far beyond chance. So the fields that tell a household's
members apart are weighed a second time, against two people of one household, and a pair has to stand
against both.
"""

import logging
from math import log2
from typing import Any

import duckdb

from orchestration.matching.comparisons import (
    COMPARISONS,
    NAMES,
    Comparison,
    Shares,
    splink_settings,
)
from orchestration.matching.model import FEWEST_HOUSEHOLDS, Model
from orchestration.matching.policy import MatchPolicy
from orchestration.terminal.progress import report_progress

_CHUNK = 2_000_000
_DOUBT = 0.01
"""So far below acceptance a pair stays of which only a person can say."""
_GENERATION = 15 * 365
"""Days between two birth dates from which on they may be a parent's and a child's."""


def score(con: duckdb.DuckDBPyConnection, model: Model, policy: MatchPolicy) -> int:
    """Fill `scored` (rid_l, rid_r, probability, match_weight, evidence) with pairs worth a review."""
    con.execute(
        "create or replace table scored (rid_l bigint, rid_r bigint, probability double, "
        "match_weight double, evidence varchar)"
    )
    [(count,)] = con.execute("select count(*) from pairs").fetchall()
    _weigh_names(con, model)
    least = log2(policy.review_probability / (1 - policy.review_probability))
    settings = splink_settings(model.shares, model.prior, names_count=True)
    chunks = -(-count // _CHUNK)
    for chunk in range(chunks):
        report_progress("match", chunk, chunks, "comparing pairs")
        con.execute(
            f"create or replace table chunk as select * from pairs where hash(rid_l) % {chunks} = {chunk}"
        )
        found = weigh(con, settings, "weighed", "chunk", least)
        con.execute(f"insert into scored {_verdict(model, found, policy)}")
        con.execute(f"drop table {found}")
    con.execute("drop table if exists chunk; drop table weighed")
    [(kept,)] = con.execute("select count(*) from scored").fetchall()
    return kept


def weigh(
    con: duckdb.DuckDBPyConnection,
    settings: dict[str, Any],
    records: str,
    pairs: str,
    least: float | None = None,
) -> str:
    """The name of a new table with match_weight and levels of the pairs, those from `least` bits on."""
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    con.execute(
        f"create or replace temp view blocked_pairs as "
        f"select '0' as match_key, rid_l as join_key_l, rid_r as join_key_r from {pairs}"
    )
    api = DuckDBAPI(con)
    linker = Linker(api.register(records), settings, log_level=None)
    linker.table_management.register_blocked_pairs_for_predict(api.register("blocked_pairs"))
    return linker.inference.predict(
        threshold_match_weight=least, warning_mode="never"
    ).physical_name


def _weigh_names(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """`weighed`: the features, with the share of each name that the model knows."""
    con.execute(
        "create or replace temp table name_shares (name varchar, value varchar, share double)"
    )
    rows = [
        (c, value, share) for c, values in model.names.items() for value, share in values.items()
    ]
    if rows:
        con.executemany("insert into name_shares values (?, ?, ?)", rows)
    joins = " ".join(
        f"left join name_shares as {c}s on {c}s.name = '{c}' and features.{c} = {c}s.value"
        for c in NAMES
    )
    shares = ", ".join(
        f"case when features.{c} is not null then coalesce({c}s.share, {model.rare}) end as tf_{c}"
        for c in NAMES
    )
    con.execute(
        f"create or replace table weighed as select features.*, {shares} from features {joins}"
    )


def household_weight(shares: Shares, households: float) -> str:
    """SQL over the levels: log2 of the odds for one person against two of one household."""
    weights = [str(-log2(households))]
    for comparison in COMPARISONS:
        if comparison.name in shares and comparison.levels[0].h is not None:
            last = len(comparison.levels) - 1
            cases = " ".join(
                f"when {last - place} then {log2(shares[comparison.name][level.name][0] / level.h)}"
                for place, level in enumerate(comparison.levels)
                if level.h
            )
            weights.append(f"case gamma_{comparison.column} {cases} else 0 end")
    return " + ".join(weights)


def _field_in_words(comparison: Comparison) -> str:
    """SQL: the field and how far it agrees, in words."""
    last = len(comparison.levels) - 1
    cases = " ".join(
        f"when {last - place} then '{comparison.name}: {level.name}'"
        for place, level in enumerate(comparison.levels)
    )
    return f"case gamma_{comparison.column} {cases} end"


def _agrees(comparison: Comparison, model: Model) -> str:
    """SQL: whether the field speaks for one person, and not only agrees as nearly everybody does."""
    last = len(comparison.levels) - 1
    agreeing = [
        str(last - place)
        for place, level in enumerate(comparison.levels)
        for m, u in [model.shares[comparison.name][level.name]]
        if level.agrees and m >= 2 * u
    ]
    return f"coalesce(gamma_{comparison.column} in ({', '.join(agreeing) or 'null'}), false)"


def _at(model: Model, name: str, *levels: str) -> str:
    """SQL: whether the field is at one of these levels; a field that the model lacks is at none."""
    if name not in model.shares:
        return "false"
    comparison = next(c for c in COMPARISONS if c.name == name)
    last = len(comparison.levels) - 1
    places = [last - p for p, level in enumerate(comparison.levels) if level.name in levels]
    return f"gamma_{comparison.column} in ({', '.join(map(str, places))})"


def _doubts(model: Model) -> tuple[str, str]:
    """SQL: whether a pair is of two people, and whether only a person can say.

    Weights add up as if fields were independent. They are not among twins (one birth date, alike names),
    fathers and sons (one name), and strangers of one given name. A national id settles it, and an e-mail
    of one's own settles a name in another form or a mistaken date.
    """
    settled = _at(model, "national id", "exact", "near")
    mail = _at(model, "email", "exact", "near")
    mailbox = _at(model, "email", "exact", "near", "same mailbox")
    given = _at(model, "given", "exact", "near", "swapped")
    # A phone with a wrong digit is no household's.
    near_phone = _at(model, "phone", "near")
    own = f"is_short_form or {near_phone} or ({mailbox} and not is_chinese)"
    alike_given = f"{_at(model, 'given', 'similar')} and ({own})"
    other_given = _at(model, "given", "similar", "differs")
    other_family = _at(model, "family", "differs")
    one_birth = _at(model, "birth", "exact", "near")
    # A child may be born on its parent's birthday.
    other_birth = f"""({_at(model, "birth", "differs")}
        or ({_at(model, "birth", "similar")} and is_generation_apart))"""
    shared = f"{mail} or {_at(model, 'phone', 'exact')} or {_at(model, 'place', 'same address', 'near address')}"
    # In a register of addresses next to no two people may share one; twins and fathers are rarer still. Where
    # records have phones or e-mails, twins share them without being seen as two.
    no_households = model.households <= FEWEST_HOUSEHOLDS and not (
        model.shares.keys() & {"phone", "email"}
    )
    no_birth = "false"
    if "birth" in model.shares and not no_households:
        no_birth = f"(gamma_birth = -1 and not ({mailbox} or {_at(model, 'phone', 'exact')}))"
    against = (
        f"not ({settled}) and {other_family} and {_at(model, 'birth', 'differs', 'within a year')}"
    )
    doubtful = f"""not ({settled}) and (
        ({other_given} and not ({alike_given} or ({one_birth} and ({near_phone} or {str(no_households).lower()}))))
        or ({other_birth} and not ({mail} and {given}))
        or {no_birth}
        or ({other_family} and not ({one_birth} and ({shared})))
    )"""
    return against, doubtful


def _verdict(model: Model, found: str, policy: MatchPolicy) -> str:
    compared = [comparison for comparison in COMPARISONS if comparison.name in model.shares]
    agree = {comparison.name: _agrees(comparison, model) for comparison in compared}
    name = agree.pop("given", "false")
    if family := agree.pop("family", None):
        unknown = "gamma_given = -1" if "given" in model.shares else "true"
        name = f"({name} or ({unknown} and {family}))"
    signs = " + ".join(f"cast({sql} as int)" for sql in [name, *agree.values()])
    against, doubtful = _doubts(model)
    own = [_agrees(c, model) for c in compared if c.levels[0].h is not None]
    return f"""
        with weighed as (
            select rid_l, rid_r, match_weight + {model.one_system} * is_one_system::int as match_weight,
                {household_weight(model.shares, model.households)} + {model.one_system} * is_one_system::int
                    as household_weight,
                coalesce({doubtful}, false) as is_doubtful,
                concat_ws(', ', {", ".join(map(_field_in_words, compared))}) as evidence
            from (
                select found.*, coalesce(is_han(l.given), false) as is_chinese,
                    coalesce(not is_han(l.given) and (starts_with(l.given, r.given)
                        or starts_with(r.given, l.given)), false) as is_short_form,
                    coalesce(abs(l.birth_day - r.birth_day) > {_GENERATION}, false) as is_generation_apart,
                    (l.record_type, l.source_system, l.shop_id)
                    = (r.record_type, r.source_system, r.shop_id) as is_one_system
                from {found} as found
                inner join features as l on found.rid_l = l.rid
                inner join features as r on found.rid_r = r.rid
            )
            -- A name is never enough, nor with a gender or a city; what a household shares is not either.
            where {signs} >= 2 and ({" or ".join(own) or "false"}) and not coalesce({against}, false)
        )
        select rid_l, rid_r,
            round(least(
                1 / (1 + pow(2, -match_weight) + pow(2, -household_weight)),
                case when is_doubtful then {policy.accept_probability - _DOUBT} else 1 end
            ), 6) as probability,
            round(match_weight, 3), evidence
        from weighed
        where probability >= {policy.review_probability}
    """
