"""Whether identifiers link records; if not, the reason and what an operator can do."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

_LINKS, _BLOCKS = "identity_links", "identity_blocks"

# Whatever the customers' files and orders carry, as found on some records or as some identifiers.
_VERDICTS = """
    with here as (
        select record_key, identifier_key, id_type, excluded_reason
        from intermediate.int_identity__identifiers where {condition}
        union
        select record_key, identifier_key, id_type, null
        from intermediate.int_identity__edges where {condition} and is_tie
        union
        select record_key, identifier_key, 'fuzzy_match', 'likely_match'
        from (select *, pair_key as identifier_key from intermediate.int_identity__matches) as pairs
        where {condition} and not is_accepted
            and pair_key in (select tie_key from intermediate.int_identity__review_decisions)
    ),

    refused as (
        select identifier_key, min(conflicting_id_type) as told_by, bool_and(is_chain) as is_chain
        from intermediate.int_identity__rejected_ties
        where record_key in (select record_key from here) group by identifier_key
    ),

    eras as (
        select identifier_key, count(distinct tie_key) as eras
        from intermediate.int_identity__edges
        where identifier_key in (select identifier_key from here) group by identifier_key
    ),

    owners as (
        select identifier_key, count(distinct customer_id) as customers
        from carried inner join who using (record_key)
        where identifier_key in (select identifier_key from here) group by identifier_key
    )

    select
        left(here.identifier_key, 12) as identifier, here.id_type,
        coalesce(
            here.excluded_reason,
            case when hubs.identifier_key is not null then 'hub' when not is_chain then 'conflict'
                when is_chain then 'chain' when eras > 1 then 'era' end
        ) as reason,
        refused.told_by, hubs.people_count as people, policy.max_customers_per_id as most_people,
        policy.window_days, count(distinct here.record_key) as records, owners.customers,
        here.identifier_key
    from here
    left join intermediate.int_identity__hubs as hubs using (identifier_key)
    left join refused using (identifier_key)
    left join eras using (identifier_key)
    left join owners using (identifier_key)
    left join seeds.identity_policy as policy on here.id_type = policy.id_type
    group by all order by max(policy.priority) nulls last, here.id_type, identifier, reason"""

_ADVICE = {
    "masked": "Nothing: the platform hides it. A link ties a record that you know otherwise.",
    "virtual_number": "Nothing: the platform lends such numbers for one order.",
    "placeholder": "Where it is real after all, take its pattern out of the list blocked_identifiers (`lists` in shop.yml).",
    "unverified": "It ties once the system that lists it says that it is verified.",
    "malformed": "Correct it in the source system, or see how shop.yml reads its column.",
    "not_in_policy": "A row for this kind in the list identity_policy (`lists` in shop.yml) lets it tie.",
    "not_an_edge": "The policy keeps this kind from tying: is_edge in the list identity_policy (`lists` in shop.yml).",
    "hub": "Link the records that you know to be one, or raise max_customers_per_id of this kind.",
    "conflict": "One person: paste the link. Different people: paste the block, and it waits no longer.",
    "likely_match": "Alike, but not enough to tie them. One person: paste the link. Different: the block.",
    "chain": "Harmless alone, but its links together would join people that others separate. Link or block.",
    "era": "Not seen for longer than window_days of the policy, so it counts as another person's. Or link.",
}  # fmt: skip


@dataclass(frozen=True)
class LeftOut:
    """An identifier on some records; without a reason it ties all who carry it."""

    identifier: str
    id_type: str
    reason: str | None
    told_by: str | None
    """The kind of identifier that tells the people of a conflict apart."""
    people: int | None
    most_people: int | None
    window_days: int | None
    records: int
    customers: int
    """Customers with the identifier, anonymous orders included."""
    advice: str | None
    paste: dict[str, list[str]]
    """Lines by the seed that they go into."""


def verdicts(
    con: duckdb.DuckDBPyConnection,
    *,
    identifier_keys: Sequence[str] | None = None,
    customer_id: str | None = None,
    record_keys: Sequence[str] = (),
) -> list[LeftOut]:
    """What became of the identifiers, or of those of a customer's records that do not tie.

    Needs the views of `explain_find.find`.
    """
    column = "record_key" if identifier_keys is None else "identifier_key"
    asked = list(record_keys if identifier_keys is None else identifier_keys)
    rows = con.execute(
        _VERDICTS.format(condition=f"{column} in (select unnest($1))"), [asked]
    ).fetchall()
    found = []
    for *facts, key in rows:
        reason, told_by, customers = facts[2], facts[3], facts[8] or 0
        if identifier_keys is None and (reason is None or (reason == "era" and customers < 2)):
            continue
        advice = _ADVICE.get(reason, _ADVICE["placeholder"]) if reason else None
        if told_by == "operator_block":
            advice = f"A block keeps them apart; take it out of the list {_BLOCKS} (`lists` in shop.yml) where it is wrong."
        ends = (
            _ends(con, key, customer_id)
            if reason in ("conflict", "chain", "era", "likely_match")
            and told_by != "operator_block"
            else []
        )
        paste = {}
        if len(ends) > 1:
            paste[_LINKS] = _lines(f"link-{facts[0]}", ends)
            if reason in ("conflict", "chain", "likely_match"):
                paste[_BLOCKS] = _lines(f"block-{facts[0]}", ends)
        found.append(LeftOut(*facts[:8], customers, advice, paste))
    return found


def _ends(con: duckdb.DuckDBPyConnection, key: str, customer_id: str | None) -> list[tuple]:
    """A record of this customer and of the next one who carries the identifier, as seeds name them."""
    return con.execute(
        """select record_type, source_system, shop_id, record_id
        from who
        where record_key in (select record_key from carried where identifier_key = $key)
        qualify row_number() over (
            partition by customer_id order by first_seen_at nulls last, record_key) = 1
        order by customer_id is distinct from $customer, is_anonymous, first_seen_at, record_key
        limit 2""",
        {"key": key, "customer": customer_id},
    ).fetchall()


def _lines(name: str, ends: Sequence[tuple]) -> list[str]:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows((name, *end, "") for end in ends)
    return lines.getvalue().splitlines()
