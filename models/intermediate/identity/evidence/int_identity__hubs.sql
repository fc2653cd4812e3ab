-- One row per identifier that too many different people carry, counted by the other
-- identifiers on the same records: those at least as trusted in full, weaker ones, of
-- which one person may well have several, four to one.
{{ config(
    materialized='kept', key='identifier_key', redo='int_identity__touched_identifiers'
) }}
-- depends_on: {{ ref('int_identity__past_hubs') }}
with touched_carriers as (select * from {{ ref('int_identity__touched_carriers') }}),

identifiers as (select * from {{ ref('int_identity__identifiers') }}),

policy as (select * from {{ ref('identity_policy') }} where is_edge),

-- Counting people is costly, so only identifiers on many records are looked at.
suspects as (
    select
        touched_carriers.identifier_key,
        touched_carriers.id_type,
        policy.priority,
        policy.max_customers_per_id
    from touched_carriers
    inner join policy on touched_carriers.id_type = policy.id_type
    group by
        touched_carriers.identifier_key, touched_carriers.id_type, policy.priority,
        policy.max_customers_per_id
    having count(*) > policy.max_customers_per_id
),

carriers as (
    select
        touched_carriers.record_key,
        suspects.*
    from touched_carriers
    inner join suspects
        on touched_carriers.identifier_key = suspects.identifier_key
),

company as (
    select
        identifiers.record_key,
        identifiers.identifier_key,
        identifiers.id_type,
        identifiers.id_scope,
        policy.priority
    from identifiers
    semi join carriers on identifiers.record_key = carriers.record_key
    inner join policy on identifiers.id_type = policy.id_type
    where identifiers.excluded_reason is null
),

counted as (
    select
        carriers.identifier_key,
        carriers.id_type,
        carriers.max_customers_per_id,
        company.id_type as other_type,
        count(distinct company.identifier_key)
        * if(company.priority <= carriers.priority, 1, 0.25) as people_count
    from carriers
    inner join company
        on
            carriers.record_key = company.record_key
            and carriers.id_type <> company.id_type
    group by
        carriers.identifier_key, carriers.id_type, carriers.max_customers_per_id,
        carriers.priority, company.id_type, company.id_scope, company.priority
)

select
    identifier_key,
    id_type,
    max_customers_per_id,
    cast(floor(max(people_count)) as bigint) as people_count
from counted
group by identifier_key, id_type, max_customers_per_id
having max(people_count) > max_customers_per_id
