"""What Splink learns from the records: u from random pairs, m by expectation maximisation.

Raw findings; `training.py` decides how far to believe them.
"""

import logging
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.matching.comparisons import COMPARISONS, default_shares, splink_settings

_SEED = 360
_SAMPLE = 1_000
"""Records whose every pair teaches u: half a million pairs."""
_PEOPLE = 20_000
"""Records in which exact agreement by chance is counted."""
_RECORDS = 200_000
"""Records among which pairs for m are looked for."""
_SESSION_PAIRS = 200_000
_FEWEST_PAIRS = 30

# Each session learns the fields that it does not block on. None blocks on phone or address alone, which
# families share: their pairs would be taken for one person's.
_SESSIONS = (
    ("given", "family"),
    ("birth", "family"),
    ("birth", "given"),
    ("birth", "email"),
    ("birth", "phone"),
    ("birth", "postcode"),
    ("email", "given"),
    ("phone", "given"),
    ("national",),
)

# Records that share one of these are likely one person; u is learned from one record of each.
_LIKELY = (
    ("email",),
    ("phone",),
    ("national",),
    ("birth || left(given, 1)", "birth || left(family, 1)"),
    ("address || given",),
)
_KEYS = " union all ".join(
    f"select rid, {number} as rule, {key} as key from few where {key} is not null"
    for number, keys in enumerate(_LIKELY)
    for key in keys
)
_ONE_RECORD_EACH = f"""
    with few as (select * from learned_from order by record_key limit {_PEOPLE}),
    firsts as (select rid, min(rid) over (partition by rule, key) as first_rid from ({_KEYS}))
    select * from few where rid not in (select rid from firsts where first_rid < rid)
"""


@dataclass(frozen=True)
class Seen:
    """m and u by comparison, in the order of its levels, None where no pair showed any.

    `pairs` by session; `matches`: how many of them were of one person; `chance_pairs`: random ones.
    """

    ms: dict[str, list[float | None]]
    us: dict[str, list[float | None]]
    pairs: dict[str, int]
    matches: float
    chance_pairs: float


def learn(con: duckdb.DuckDBPyConnection, usable: set[str]) -> Seen:
    """What the records in `features` show of the usable comparisons; the same for the same records."""
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    con.execute(
        f"create or replace table learned_from as select * from features order by record_key limit {_RECORDS}"
    )
    con.execute(f"create or replace table people as {_ONE_RECORD_EACH}")
    con.execute(
        f"create or replace table sampled as select * from people order by record_key limit {_SAMPLE}"
    )
    api = DuckDBAPI(con)
    settings = splink_settings(default_shares(usable), 1e-4, names_count=False)
    chance = Linker(api.register("sampled"), settings, log_level=None)
    chance.training.estimate_u_using_random_sampling(
        max_pairs=_SAMPLE * _SAMPLE, seed=_SEED, min_count_per_level=None, num_chunks=1
    )
    start = chance.misc.save_model_to_json()
    levels = {
        found["output_column_name"]: found["comparison_levels"][1:]
        for found in start["comparisons"]
    }
    us = {
        c.name: [level.get("u_probability") for level in levels[c.column]]
        for c in COMPARISONS
        if c.name in usable
    }
    ms, pairs, matches = _sessions(con, api.register("learned_from"), start)
    for name, share in _exact_shares(con).items():
        if name in us:
            us[name][0] = share
    [(sampled,)] = con.execute("select count(*) from sampled").fetchall()
    con.execute("drop table sampled; drop table people; drop table learned_from")
    return Seen(ms, us, pairs, matches, max(sampled * (sampled - 1) / 2, 1))


def _sessions(
    con: duckdb.DuckDBPyConnection, records: Any, start: dict[str, Any]
) -> tuple[dict[str, list[float | None]], dict[str, int], float]:
    """Shares m by comparison, the mean of the sessions that have pairs enough; pairs by session; most matches."""
    pairs: dict[str, int] = {}
    found: dict[str, list[tuple[float, list[float]]]] = {}
    for columns in _SESSIONS:
        filled = " and ".join(f"{column} is not null" for column in columns)
        [(count,)] = con.execute(
            "select coalesce(sum(n * (n - 1) / 2), 0)::bigint from (select count(*) as n "
            f"from learned_from where {filled} group by {', '.join(columns)})"
        ).fetchall()
        learned = _session(records, start, columns, count) if count >= _FEWEST_PAIRS else None
        if learned:
            pairs[" and ".join(columns)] = count
            for name, ms in learned[1].items():
                found.setdefault(name, []).append((learned[0], ms))
    means = {
        c.name: [_mean(found[c.name], place) for place in range(len(c.levels))]
        if c.name in found
        else [None] * len(c.levels)
        for c in COMPARISONS
    }
    return (
        means,
        pairs,
        max((matches for many in found.values() for matches, _ in many), default=0.0),
    )


def _session(
    records: Any, start: dict[str, Any], columns: tuple[str, ...], count: int
) -> tuple[float, dict[str, list[float]]] | None:
    """Pairs of one person among those that agree in the columns, and m of every other comparison."""
    from splink import Linker, block_on

    linker = Linker(records, start, log_level=None)
    try:
        session = linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns),
            estimate_without_term_frequencies=True,
            max_pairs=_SESSION_PAIRS if count > _SESSION_PAIRS else None,
            record_sample_proportion=1.0,
        )
    except ValueError:
        # Splink 5.0 ends so when a level fades to nothing; the other sessions teach enough.
        return None
    levels = {
        found["output_column_name"]: found["comparison_levels"][1:]
        for found in linker.misc.save_model_to_json()["comparisons"]
    }
    ms = {
        c.name: [level.get("m_probability") or 0.0 for level in levels[c.column]]
        for c in COMPARISONS
        if c.column in levels
        and not set(columns) & {*c.columns, c.columns[0].removesuffix("_ends")}
    }
    share = session.core_model_settings.probability_two_random_records_match
    return share * min(count, _SESSION_PAIRS), ms


def _mean(found: list[tuple[float, list[float]]], place: int) -> float | None:
    """The mean of one level, weighted by the pairs of one person behind it."""
    weight = sum(matches for matches, _ in found)
    return sum(matches * ms[place] for matches, ms in found) / weight if weight else None


def _exact_shares(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """How often two people agree exactly, counted over all pairs: a sample sees it too rarely."""
    shares = {}
    for comparison in COMPARISONS:
        column = comparison.columns[0]
        if comparison.name != "gender":
            [(together, total)] = con.execute(
                "select coalesce(sum(n * (n - 1)), 0)::double, coalesce(sum(n), 0)::double from ("
                f"select count(*) as n from people where {column} is not null group by {column})"
            ).fetchall()
            shares[comparison.name] = together / max(total * (total - 1), 1)
    return shares
