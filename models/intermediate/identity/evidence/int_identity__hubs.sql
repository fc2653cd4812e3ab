-- One row per identifier that too many people carry. People are counted by the other
-- identifiers of the same records: those at least as trusted count in full, less
-- trusted ones count a quarter, because one person may have several of them. Kept
-- between runs.
{{ config(
    materialized='kept', key='identifier_key',
    keys_from='int_identity__changed_identifiers'
) }}
-- The hubs of the last run are copied first.
-- depends_on: {{ ref('int_identity__last_run_hubs') }}
-- depends_on: {{ ref('int_identity__changed_identifiers') }}
with id_records as (
    select * from {{ ref('int_identity__changed_identifier_records') }}
),

identifiers as (select * from {{ ref('int_identity__identifiers') }}),

policy as (select * from {{ ref('identity_policy') }} where is_edge),

-- Counting people is expensive, so only identifiers on many records are checked.
suspects as (
    select
        id_records.identifier_key,
        id_records.id_type,
        policy.priority,
        policy.max_customers_per_id
    from id_records
    inner join policy on id_records.id_type = policy.id_type
    group by
        id_records.identifier_key, id_records.id_type, policy.priority,
        policy.max_customers_per_id
    having count(*) > policy.max_customers_per_id
),

suspect_ids as (
    select
        id_records.record_key,
        suspects.*
    from id_records
    inner join suspects
        on id_records.identifier_key = suspects.identifier_key
),

other_ids as (
    select
        identifiers.record_key,
        identifiers.identifier_key,
        identifiers.id_type,
        identifiers.id_scope,
        policy.priority
    from identifiers
    semi join suspect_ids on identifiers.record_key = suspect_ids.record_key
    inner join policy on identifiers.id_type = policy.id_type
    where identifiers.excluded_reason is null
),

counted as (
    select
        suspect_ids.identifier_key,
        suspect_ids.id_type,
        suspect_ids.max_customers_per_id,
        other_ids.id_type as other_type,
        count(distinct other_ids.identifier_key)
        * if(other_ids.priority <= suspect_ids.priority, 1, 0.25) as people_count
    from suspect_ids
    inner join other_ids
        on
            suspect_ids.record_key = other_ids.record_key
            and suspect_ids.id_type <> other_ids.id_type
    group by
        suspect_ids.identifier_key, suspect_ids.id_type,
        suspect_ids.max_customers_per_id, suspect_ids.priority, other_ids.id_type,
        other_ids.id_scope, other_ids.priority
)

select
    identifier_key,
    id_type,
    max_customers_per_id,
    cast(floor(max(people_count)) as bigint) as people_count
from counted
group by identifier_key, id_type, max_customers_per_id
having max(people_count) > max_customers_per_id
