"""Compares the resolved customers of a warehouse with the demo's people, pair by pair.

Pairs are counted from the contingency of customers and people, never listed.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class IdentityScore:
    """Pairs of records: `together` by the warehouse, by truth, and by both; records compared."""

    records: int
    customers: int
    people: int
    together: int
    truly_together: int
    both: int

    @property
    def precision(self) -> float:
        """Share of the pairs put together that belong together."""
        return self.both / self.together if self.together else 1.0

    @property
    def recall(self) -> float:
        """Share of the pairs that belong together that were put together."""
        return self.both / self.truly_together if self.truly_together else 1.0


_SCORE = """
with cells as (
    select customer_id, person_id, count(*) as n
    from intermediate.int_identity__customer_map as found
    inner join read_parquet('{people}') as truth
        using (record_type, source_system, shop_id, record_id)
    where {which}
    group by customer_id, person_id
),

customers as (select sum(n) as n from cells group by customer_id),

people as (select sum(n) as n from cells group by person_id)

select
    (select coalesce(sum(n), 0) from cells), (select count(*) from customers),
    (select count(*) from people),
    (select coalesce(sum(n * (n - 1) // 2), 0) from customers),
    (select coalesce(sum(n * (n - 1) // 2), 0) from people),
    (select coalesce(sum(n * (n - 1) // 2), 0) from cells)"""


def score_identity(warehouse: Path, truth: Path, *, anonymous: bool = False) -> IdentityScore:
    """Pairwise agreement of `int_identity__customer_map` with `people.parquet`.

    Orders of which nothing says who bought cannot be resolved by anybody; they are left out
    unless `anonymous` is set.
    """
    which = "true" if anonymous else "not found.is_anonymous"
    sql = _SCORE.format(people=truth / "people.parquet", which=which)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        row = con.execute(sql).fetchone() or (0,) * 6
    return IdentityScore(*(int(value) for value in row))
