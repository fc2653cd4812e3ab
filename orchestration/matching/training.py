"""Trains the model once: what Splink learned, mixed with what is known, then fitted to the pairs themselves.

Training is kept from learning nonsense: shares are mixed with the defaults by how much was seen, and
what would unlearn that a person has one name and one birth date is bounded.
"""

from dataclasses import dataclass
from math import log2
from typing import Any

import duckdb

from orchestration.matching import model as models
from orchestration.matching.comparisons import (
    COMPARISONS,
    NAMES,
    Comparison,
    Shares,
    splink_settings,
)
from orchestration.matching.features import many_domains, mark_mail
from orchestration.matching.learning import Seen, learn
from orchestration.matching.model import FEWEST_HOUSEHOLDS, Model
from orchestration.matching.scoring import household_weight, weigh
from orchestration.terminal.progress import report_progress

_ROUNDS = 2
_PAIRS = 200_000
"""Pairs to which the model is fitted."""
_TRUST = 100
"""Pairs of one person at which what was seen weighs as much as the default."""
_COMMON = 1 / 5_000
"""The share of records from which on a name is common enough to be known by name."""


@dataclass(frozen=True)
class Fit:
    """What the pairs say under the shares of one round."""

    prior: float
    """The share of all pairs that are one person."""
    ms: dict[str, list[float | None]]
    """By comparison, the share of each level among pairs of one person."""
    matches: float
    """How many of the pairs are one person."""
    one_system: float
    """Bits against two records of one system."""


def train(con: duckdb.DuckDBPyConnection, min_records: int) -> Model | str:
    """A model of the records in `features` and their `pairs`, or the reason why none can be learned."""
    counts = ", ".join(
        f"count(coalesce({', '.join(comparison.columns)}))" for comparison in COMPARISONS
    )
    [(records, first, last, *filled)] = con.execute(
        f"select count(*), min(loaded_at)::varchar, max(loaded_at)::varchar, {counts} from features"
    ).fetchall()
    usable = {
        comparison.name
        for comparison, count in zip(COMPARISONS, filled, strict=True)
        if count >= max(30, records / 1_000)
    }
    if records < min_records:
        return f"{records} records are described, and a model needs {min_records}"
    if not usable & {"given", "family"} or usable <= {"given", "family", "gender"}:
        told = ", ".join(sorted(usable)) or "nothing"
        return f"records need a name, and a birth date, phone, e-mail or place beside it; they have {told}"
    report_progress("match", 0, 1, "training")
    domains = many_domains(con)
    mark_mail(con, domains)
    seen = learn(con, usable)
    households = _households(con)
    shares = {
        c.name: _settle(c, seen, seen.ms, seen.matches) for c in COMPARISONS if c.name in usable
    }
    fit = Fit(0.0, seen.ms, seen.matches, 0.0)
    for _ in range(_ROUNDS):
        fit = _fit(con, records, shares, households)
        shares = {
            c.name: _settle(c, seen, fit.ms, fit.matches) for c in COMPARISONS if c.name in usable
        }
    common, rare = _names(con, records)
    content: dict[str, Any] = {
        "prior": fit.prior,
        "households": households,
        "shares": shares,
        "names": common,
        "rare": rare,
        "one_system": fit.one_system,
        "domains": domains,
    }
    version, now = models.new_version(content)
    import splink

    return Model(
        version=version,
        trained_at=now,
        splink_version=splink.__version__,
        record_count=records,
        records_from=first,
        records_to=last,
        training_pairs=seen.pairs,
        **content,
    )


def _settle(
    comparison: Comparison, seen: Seen, ms: dict[str, list[float | None]], matches: float
) -> dict[str, tuple[float, float]]:
    """M and u of each level: what was seen in `matches` pairs mixed with the defaults, and bounded."""
    trust = matches / (matches + _TRUST)
    mixed = [
        trust * (level.m if m is None else m) + (1 - trust) * level.m
        for level, m in zip(comparison.levels, ms[comparison.name], strict=True)
    ]
    worst = min(mixed[-1] / sum(mixed), comparison.most_wrong)
    rest = sum(mixed[:-1])
    mixed = [max(m / rest * (1 - worst), 0.001) for m in mixed[:-1]] + [worst]
    us = [
        max(u or 0, level.least_u or 0.5 / seen.chance_pairs)
        for level, u in zip(comparison.levels, seen.us[comparison.name], strict=True)
    ]
    return {
        level.name: (round(m / sum(mixed), 6), round(u / sum(us), 10))
        for level, m, u in zip(comparison.levels, mixed, us, strict=True)
    }


def _fit(con: duckdb.DuckDBPyConnection, records: int, shares: Shares, households: float) -> Fit:
    """What the pairs say by the shares so far.

    The prior is kept between one double for a thousand records and five for each: few pairs prove nothing.
    """
    [(pairs,)] = con.execute("select count(*) from pairs").fetchall()
    step = max(-(-pairs // _PAIRS), 1)
    con.execute(
        f"create or replace table some_pairs as select * from pairs where hash(rid_l, rid_r) % {step} = 0"
    )
    found = weigh(con, splink_settings(shares, 0.5, names_count=False), "features", "some_pairs")
    total = records * (records - 1) / 2
    least, most = records / 1_000 / total, 5 * records / total
    prior = least
    for _ in range(20):
        [(matches,)] = con.execute(
            "select coalesce(sum(1 / (1 + pow(2, -match_weight - ?))), 0) from " + found,
            [log2(prior / (1 - prior))],
        ).fetchall()
        prior = min(max(matches * step / total, least), most)
    con.execute(
        f"""create or replace table believed as select *,
            1 / (1 + pow(2, -match_weight - ?) + pow(2, -({household_weight(shares, households)}))) as belief
        from {found}""",
        [log2(prior / (1 - prior))],
    )
    ms: dict[str, list[float | None]] = {}
    for comparison in COMPARISONS:
        if comparison.name in shares:
            gamma, last = f"gamma_{comparison.column}", len(comparison.levels) - 1
            rows = con.execute(
                f"select {gamma}, sum(belief) / sum(sum(belief)) over () from believed where {gamma} >= 0 group by 1"
            ).fetchall()
            by_level = dict(rows)
            ms[comparison.name] = [
                by_level.get(last - place, 0.0) if rows else None for place in range(last + 1)
            ]
    [(matches,)] = con.execute("select coalesce(sum(belief), 0) from believed").fetchall()
    one_system = _one_system(con, records)
    con.execute(f"drop table {found}; drop table some_pairs; drop table believed")
    return Fit(round(prior, 12), ms, matches, one_system)


def _one_system(con: duckdb.DuckDBPyConnection, records: int) -> float:
    """Bits against two records of one system: how much rarer such pairs are among those of one person.

    0 where all records are of one system: the prior says already how many doubles it has.
    """
    [(by_chance,)] = con.execute(
        f"""select sum(n * (n - 1)) / ({records} * ({records} - 1.0)) from (
            select count(*) as n from features group by record_type, source_system, shop_id)"""
    ).fetchall()
    [(believed,)] = con.execute(
        """select coalesce(sum(belief) filter (
                (l.record_type, l.source_system, l.shop_id) = (r.record_type, r.source_system, r.shop_id)), 0)
            / (coalesce(sum(belief), 0) + 1)
        from believed
        inner join features as l on believed.rid_l = l.rid
        inner join features as r on believed.rid_r = r.rid"""
    ).fetchall()
    return round(min(max(log2(max(believed, 1e-6) / max(by_chance, 1e-6)), -10.0), 0.0), 3)


def _households(con: duckdb.DuckDBPyConnection) -> float:
    """Among records that share a phone, an address or an e-mail: pairs of two people for each of one.

    Told by given names, and by birth dates where names differ, for that may be one person's mistake.
    Starts at one to one; five pairs outweigh that.
    """
    shared = " union ".join(
        f"""select l.rid as a, r.rid as b, l.given as x, r.given as y, r.family as z,
            coalesce(l.birth = r.birth, false) as is_one_birth
        from features as l inner join features as r on l.rid < r.rid and l.{column} = r.{column}
        where l.given is not null and r.given is not null"""
        for column in ("phone", "address", "email")
    )
    [(one, two)] = con.execute(
        f"""select count(*) filter (likeness >= 0.9), count(*) filter (likeness < 0.75 and not is_one_birth)
        from (select is_one_birth, greatest(jaro_winkler_similarity(x, y),
            coalesce(jaro_winkler_similarity(x, z), 0)) as likeness from ({shared}))"""
    ).fetchall()
    return round(min(max((two + 5) / (one + 5), FEWEST_HOUSEHOLDS), 32), 4)


def _names(
    con: duckdb.DuckDBPyConnection, records: int
) -> tuple[dict[str, dict[str, float]], float]:
    """Shares of the common values, by column, and the share that any other is taken to have.

    Common is what at least five records have: the model's file holds no personal value.
    """
    found = {}
    for column in NAMES:
        rows = con.execute(
            f"select {column}, round(count(*) / sum(count(*)) over (), 8) as share from features "
            f"where {column} is not null group by {column} "
            "qualify count(*) >= 5 and share >= ? order by share desc, 1",
            [_COMMON],
        ).fetchall()
        found[column] = dict(rows)
    return found, round(max(_COMMON, 2 / records), 8)
