"""Compares the resolved customers of a warehouse with what the demo's traps expect, case by case.

What the traps are is in `traps.py`; pairs of all records are counted in `score.py`.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class TrapResult:
    """How the cases of one trap fared: `as_expected` of `cases`, and what the trap is."""

    trap: str
    expectation: str
    cases: int
    as_expected: int
    en: str
    zh: str


# A device has the customers of its sessions; where the visitor cannot be known, there is no person.
_TRAPS = """
with traps as (from read_parquet('{traps}')),

sessions as (
    select distinct session_key, session_label, visitor_key, source_system, shop_id
    from intermediate.int_sessions__events
    where session_label in (select record_id from traps where record_type = 'session')
        or visitor_key in (
            select md5(source_system || '|' || shop_id || '|' || record_id)
            from traps where record_type = 'visitor')
),

logins as (
    select sessions.*, customer_id
    from sessions
    inner join intermediate.int_sessions__session_customers using (session_key)
),

placed as (
    select trap, case_no, person_id, customer_id, true as is_record
    from traps
    inner join intermediate.int_identity__customer_map
        using (record_type, source_system, shop_id, record_id)
    union all
    select trap, case_no, person_id, customer_id, false
    from traps
    inner join logins on record_type = 'session' and session_label = record_id
        and logins.source_system = traps.source_system and logins.shop_id = traps.shop_id
    union all
    select trap, case_no, person_id, customer_id, false
    from traps
    inner join logins on record_type = 'visitor'
        and visitor_key = md5(traps.source_system || '|' || traps.shop_id || '|' || record_id)
),

cases as (
    select trap, case_no, expectation, en, zh,
        count(*) filter (record_type not in ('session', 'visitor')) as records
    from traps group by all
),

customers as (
    select trap, case_no, customer_id,
        count(distinct person_id) + count(*) filter (person_id is null) as people,
        bool_or(person_id is null) as is_unknowable,
        count(*) filter (is_record) as records
    from placed group by all
),

outcomes as (
    select trap, case_no,
        count(*) as customers, max(people) as people, bool_or(is_unknowable) as is_unknowable,
        sum(records) as records
    from customers group by all
)

select trap, expectation, count(*), count(*) filter (
        coalesce(outcomes.records, 0) = cases.records
        and if(expectation = 'separate',
            coalesce(people, 0) <= 1 and not coalesce(is_unknowable, false),
            customers = 1)
    ), en, zh
from cases
left join outcomes using (trap, case_no)
group by trap, expectation, en, zh
order by expectation desc, trap"""


def judge_traps(con: duckdb.DuckDBPyConnection, truth: Path) -> list[TrapResult]:
    """How every trap of `traps.parquet` fared, a line for each, in the order of names."""
    found = con.execute(_TRAPS.format(traps=truth / "traps.parquet")).fetchall()
    return [TrapResult(*row) for row in found]
