"""Compares the resolved customers of a warehouse with the demo's people, pair by pair.

Records are CRM and ERP customers and orders, anonymous ones too. Pairs are counted from the sizes
of groups, never listed, so that a million customers take seconds.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class IdentityScore:
    """Pairs of records, each with what both sides agree on.

    `together` by the warehouse, `truly_together` by truth, and `both`. Of the true pairs, those
    that a chain of usable identifiers on the person's own records ties are `traceable`, and
    `traced` those of them that the warehouse put together.
    """

    records: int
    customers: int
    people: int
    together: int
    truly_together: int
    both: int
    traceable: int
    traced: int

    @property
    def precision(self) -> float:
        """Share of the pairs put together that belong together."""
        return _share(self.both, self.together)

    @property
    def recall(self) -> float:
        """Share of the pairs that belong together that were put together."""
        return _share(self.both, self.truly_together)

    @property
    def traceable_recall(self) -> float:
        """Recall over the pairs that anything in the data could tie."""
        return _share(self.traced, self.traceable)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, over all pairs."""
        return _share(2 * self.both, self.together + self.truly_together)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


# A node is what carries identifiers: a customer record, or the set of them that orders repeat.
_RECORDS = """
create or replace temp table scored_records as
select
    truth.person_id, found.customer_id,
    coalesce(buyers.buyer_key, found.record_key) as record_key,
from intermediate.int_identity__customer_map as found
inner join read_parquet('{people}') as truth using (record_type, source_system, shop_id, record_id)
left join intermediate.int_identity__order_buyers as buyers
    on if(found.record_type = 'order', found.record_key, null) = buyers.order_key"""

_NODES = """
create or replace temp table nodes as
select person_id, record_key, row_number() over () as node,
from scored_records group by person_id, record_key;

create or replace temp table ids as
select person_id, node, identifier_key,
from nodes
inner join intermediate.int_identity__identifiers using (record_key)
where excluded_reason is null;

-- Ties between records of one person: an identifier of a single record ties nothing.
create or replace temp table ties as
with shared as (
    select person_id, identifier_key, row_number() over () as tie
    from ids group by person_id, identifier_key
    having count(distinct node) > 1
)

select distinct tie, node,
from shared
inner join ids using (person_id, identifier_key);

create or replace temp table labels as
select node, node as label from ids group by node"""

_SPREAD = """
create or replace temp table next_labels as
with tied as (select tie, min(label) as label from ties inner join labels using (node) group by tie),

reached as (select node, min(tied.label) as label from ties inner join tied using (tie) group by node)

select node, coalesce(reached.label, labels.label) as label,
from labels
left join reached using (node)"""

_CHANGED = "select count(*) from labels inner join next_labels as n using (node) where labels.label <> n.label"

_PAIRS = """
with cells as (
    select person_id, customer_id, label, count(*) as n
    from scored_records
    inner join nodes using (person_id, record_key)
    left join labels using (node)
    group by all
),

found as (select customer_id, sum(n) as n from cells group by all),

true_groups as (select person_id, sum(n) as n from cells group by all),

agreed as (select person_id, customer_id, sum(n) as n from cells group by all),

-- Without a usable identifier a record is tied to nothing, and has no label.
traceable as (select person_id, label, sum(n) as n from cells where label is not null group by all),

traced as (
    select person_id, label, customer_id, sum(n) as n
    from cells where label is not null group by all
)

select
    (select coalesce(sum(n), 0) from cells),
    (select count(*) from found),
    (select count(*) from true_groups),
    (select coalesce(sum(n * (n - 1) // 2), 0) from found),
    (select coalesce(sum(n * (n - 1) // 2), 0) from true_groups),
    (select coalesce(sum(n * (n - 1) // 2), 0) from agreed),
    (select coalesce(sum(n * (n - 1) // 2), 0) from traceable),
    (select coalesce(sum(n * (n - 1) // 2), 0) from traced)"""


def score(con: duckdb.DuckDBPyConnection, truth: Path) -> IdentityScore:
    """Pairwise agreement of `int_identity__customer_map` with `people.parquet`."""
    con.execute(_RECORDS.format(people=truth / "people.parquet"))
    con.execute(_NODES)
    # Every round carries the least label one identifier further, along one person's own records.
    while True:
        con.execute(_SPREAD)
        changed = con.execute(_CHANGED).fetchone()
        con.execute("create or replace temp table labels as from next_labels")
        if changed == (0,):
            break
    row = con.execute(_PAIRS).fetchone() or (0,) * 8
    return IdentityScore(*(int(value) for value in row))
