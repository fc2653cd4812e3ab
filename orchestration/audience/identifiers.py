"""Phones and e-mails in plain text, read from the private warehouse, with what identity resolution decided of each.

The only module of the project that reads plain identifiers to give them away; `export.py` asks first who is
allowed to. Values are compared in the normal form of the build's own model.
"""

import os

import duckdb

from orchestration.reports.explain_find import normalising_sql

_STATED = """
    create or replace temp table au_stated as
    with wide as (
        select record_key, 'phone' as id_type, phone as id_value, country
        from staging.stg_crm__customers
        union all
        select record_key, 'email', email, country from staging.stg_crm__customers
        union all
        select ids.record_key, ids.id_type, ids.id_value, people.country
        from staging.stg_crm__identifiers as ids
        left join staging.stg_crm__customers as people using (record_key)
        union all
        select record_key, 'phone', phone, country from staging.stg_erp__customers
        union all
        select record_key, 'email', email, country from staging.stg_erp__customers
        union all
        select order_key, 'phone', phone, country from staging.stg_erp__orders
        union all
        select order_key, 'email', email, country from staging.stg_erp__orders
    )
    select distinct map.customer_id, map.record_key, coalesce(buyers.buyer_key, map.record_key) as carrier_key,
        wide.id_type, wide.id_value as raw_value, nullif(trim(wide.country), '') as country
    from wide
    inner join intermediate.int_identity__customer_map as map using (record_key)
    left join intermediate.int_identity__order_buyers as buyers on map.record_key = buyers.order_key
    where wide.id_type in ('phone', 'email') and wide.id_value is not null and not map.is_anonymous"""
"""Every statement of a phone or e-mail; of an order, identity judges the buyer."""

_TYPED = """
    create or replace temp table au_typed as
    select cast(row_number() over () as varchar) as record_key, '' as shop_id, id_type, '' as id_scope,
        raw_value as id_value, true as is_verified
    from (
        select id_type, raw_value from au_stated
        union select id_type, raw_value from au_decisions where raw_value <> ''
    )"""

_CARRIED = """
    create or replace temp table au_carried as
    select stated.customer_id, stated.record_key, stated.id_type, normal.id_value as value,
        stated.country, known.id_hash is not null as is_built, known.excluded_reason,
        hubs.identifier_key is not null as is_hub
    from au_stated as stated
    inner join au_normal as normal using (id_type, raw_value)
    left join intermediate.int_identity__identifiers as known
        on known.record_key = stated.carrier_key and known.id_type = stated.id_type
        and known.id_hash = sha256($1 || stated.id_type || '|' || normal.id_value)
    left join intermediate.int_identity__hubs as hubs using (identifier_key)"""

_OF_MEMBERS = """
    with sharing as (
        select id_type, value, count(distinct customer_id) as customers
        from au_carried group by id_type, value
    )
    select carried.customer_id, carried.id_type, carried.value,
        bool_or(carried.is_built) as is_built,
        case when bool_or(carried.is_built and carried.excluded_reason is null) then null
            else min(carried.excluded_reason) end as excluded_reason,
        bool_or(carried.is_hub)
            or any_value(sharing.customers) > any_value(policy.max_customers_per_id) as is_hub,
        coalesce(list(distinct carried.country) filter (where carried.country is not null), []) as countries,
        any_value(consents.is_granted) as is_granted
    from au_carried as carried
    semi join au_members using (customer_id)
    inner join sharing using (id_type, value)
    left join seeds.identity_policy as policy using (id_type)
    left join au_consents as consents using (id_type, value)
    group by carried.customer_id, carried.id_type, carried.value
    order by carried.customer_id, carried.id_type, carried.value"""


def load(con: duckdb.DuckDBPyConnection) -> None:
    """`au_carried`: who carries which identifier. `au_decisions` (id_type, raw_value) must exist."""
    salt = os.environ.get("SHOP360_SALT", "unsalted")
    con.execute(_STATED)
    con.execute(_TYPED)
    con.execute(
        "create or replace temp table au_normal as select typed.id_type, typed.id_value as raw_value, "
        "normal.id_value from au_typed as typed inner join "
        f"({normalising_sql(con, 'au_typed')}) as normal using (record_key)"
    )
    con.execute(_CARRIED, [salt])


def of_members(con: duckdb.DuckDBPyConnection, members: list[str]) -> list[tuple]:
    """Per member and identifier: customer_id, id_type, value, is_built, excluded_reason, is_hub, countries, is_granted.

    `is_granted` is None without a decision. `au_consents` must exist.
    """
    con.execute("create or replace temp table au_members (customer_id varchar)")
    if members:
        con.execute("insert into au_members select unnest($1)", [members])
    return con.execute(_OF_MEMBERS).fetchall()
