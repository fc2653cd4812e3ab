"""Consent to advertising per identifier: it belongs to the phone or e-mail, not to the customer who carries it.

The last decision of each customer about an identifier counts, over all records of the customer; of two at the
same moment the refusal counts. A decision that names no identifier covers those of its CRM record. A decision
that names the recipient outweighs those that name none, but a later refusal of all recipients ends it. If any
customer who carries the identifier refused, the identifier is refused.
"""

from collections.abc import Sequence

import duckdb

_DECISIONS = """
    create or replace temp table au_decisions as
    with records as (
        select record_key, source_system, shop_id, record_id, customer_id
        from intermediate.int_identity__customer_map where record_type = 'crm'
    ),
    unique_ids as (
        select record_id, min(record_key) as record_key, min(customer_id) as customer_id
        from records group by record_id having count(*) = 1
    )
    select
        coalesce(own.customer_id, other.customer_id,
            consents.source_system || '|' || consents.shop_id || '|' || consents.crm_customer_id) as decider,
        coalesce(own.record_key, other.record_key) as record_key,
        case
            when consents.id_type <> '' or consents.id_value = '' then consents.id_type
            when contains(consents.id_value, '@') then 'email' else 'phone'
        end as id_type,
        consents.id_value as raw_value,
        consents.recipient <> '' as is_named,
        consents.is_granted,
        consents.decided_at
    from staging.stg_crm__consents as consents
    left join records as own
        on consents.source_system = own.source_system and consents.shop_id = own.shop_id
        and consents.crm_customer_id = own.record_id
    left join unique_ids as other on consents.crm_customer_id = other.record_id
    where consents.purpose = 'advertising' and (consents.recipient = '' or contains($1, consents.recipient))"""

_CONSENTS = """
    create or replace temp table au_consents as
    with covered as (
        select decisions.decider, decisions.id_type, normal.id_value as value, is_named, is_granted, decided_at
        from au_decisions as decisions
        inner join au_normal as normal using (id_type, raw_value)
        union all
        select decisions.decider, carried.id_type, carried.value, is_named, is_granted, decided_at
        from au_decisions as decisions
        inner join au_carried as carried
            on decisions.record_key = carried.record_key
            and (decisions.id_type = '' or decisions.id_type = carried.id_type)
        where decisions.raw_value = ''
    ),
    ranked as (
        select *, row_number() over (
            partition by decider, id_type, value, is_named order by decided_at desc, is_granted
        ) as recency
        from covered
    ),
    last_decisions as (
        select decider, id_type, value,
            max(decided_at) filter (where is_named) as named_at,
            bool_and(is_granted) filter (where is_named) as named_granted,
            max(decided_at) filter (where not is_named) as general_at,
            bool_and(is_granted) filter (where not is_named) as general_granted
        from ranked where recency = 1
        group by decider, id_type, value
    )
    select id_type, value, bool_and(
        case
            -- Where decisions must name the recipient, a general grant is no decision.
            when named_at is null then case when general_granted and not $1 then null else general_granted end
            when general_at > named_at and not general_granted then false
            else named_granted
        end
    ) as is_granted
    from last_decisions
    group by id_type, value"""


def load_decisions(con: duckdb.DuckDBPyConnection, recipients: Sequence[str]) -> None:
    """`au_decisions`: what was decided about advertising that concerns one of the recipients."""
    con.execute(_DECISIONS, [[code.strip().lower() for code in recipients]])


def load_consents(con: duckdb.DuckDBPyConnection, *, any_recipient: bool) -> None:
    """`au_consents`: per identifier with a decision whether it may be given to the recipient.

    Without `any_recipient`, only grants that name the recipient count.
    """
    con.execute(_CONSENTS, [any_recipient])


def refused(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Kind and value of every identifier that was refused."""
    return con.execute("select id_type, value from au_consents where not is_granted").fetchall()
