-- One row per record and change of its customer id, oldest first. Rows are only
-- appended, so that ids stay stable and every merge and split is logged.
{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    on_schema_change='append_new_columns'
) }}
with members as (select * from {{ ref('int_identity__batch_members') }}),

change_evidence as (select * from {{ ref('int_identity__change_evidence') }}),

held_customer_ids as (select * from {{ ref('int_identity__held_customer_ids') }}),

feed_state as (select * from {{ ref('int_identity__feed_state') }}),

assigned_ids as (select * from {{ ref('int_identity__assigned_customer_ids') }}),

kept_ids as (
    select customer_id
    from assigned_ids
    where not is_new_customer
    group by customer_id
),

last_landing as (select max(last_loaded_at) as learned_at from feed_state),

last_change as (
    select
        max(held_customer_ids.generation) as generation,
        max(last_landing.learned_at) as learned_at
    from held_customer_ids
    cross join last_landing
)

select
    members.record_key,
    assigned_ids.customer_id,
    members.held_id as previous_customer_id,
    members.generation,
    case
        when members.held_id is null and assigned_ids.is_new_customer then 'born'
        when members.held_id is null then 'grown'
        when assigned_ids.is_new_customer then 'split'
        when kept_ids.customer_id is not null then 'moved'
        else 'merged'
    end as change,
    -- A new customer needs no evidence.
    case
        when members.held_id is not null or not assigned_ids.is_new_customer
            then change_evidence.evidence_id_type
    end as evidence_id_type,
    case
        when members.held_id is not null or not assigned_ids.is_new_customer
            then change_evidence.evidence_identifier_key
    end as evidence_identifier_key,
    members.learned_at
from members
inner join assigned_ids
    on members.record_key = assigned_ids.record_key
left join kept_ids on members.held_id = kept_ids.customer_id
left join change_evidence on members.record_key = change_evidence.record_key
where members.held_id is null or members.held_id <> assigned_ids.customer_id
union all
-- A removed record must not return with an id that other records hold by then.
select
    held_customer_ids.record_key,
    cast(null as string) as customer_id,
    held_customer_ids.customer_id as previous_customer_id,
    last_change.generation + 1 as generation,
    'gone' as change,
    cast(null as string) as evidence_id_type,
    cast(null as string) as evidence_identifier_key,
    last_change.learned_at
from held_customer_ids
cross join last_change
anti join members on held_customer_ids.record_key = members.record_key
where held_customer_ids.record_key is not null
