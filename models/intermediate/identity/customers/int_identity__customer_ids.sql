-- One row per record and change of its customer id, oldest first: ids are given once
-- and kept, so this table only ever grows and tells every merge and split.
{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    on_schema_change='append_new_columns'
) }}
with members as (select * from {{ ref('int_identity__members') }}),

evidence as (select * from {{ ref('int_identity__evidence') }}),

past_ids as (select * from {{ ref('int_identity__past_ids') }}),

arrivals as (select * from {{ ref('int_identity__arrivals') }}),

named as (select * from {{ ref('int_identity__named') }}),

kept_ids as (
    select customer_id
    from named
    where not is_born
    group by customer_id
),

last_arrival as (select max(last_loaded_at) as learned_at from arrivals),

last_change as (
    select
        max(past_ids.generation) as generation,
        max(last_arrival.learned_at) as learned_at
    from past_ids
    cross join last_arrival
)

select
    members.record_key,
    named.customer_id,
    members.held_id as previous_customer_id,
    members.generation,
    case
        when members.held_id is null and named.is_born then 'born'
        when members.held_id is null then 'grown'
        when named.is_born then 'split'
        when kept_ids.customer_id is not null then 'moved'
        else 'merged'
    end as change,
    -- A birth needs no evidence.
    case
        when members.held_id is not null or not named.is_born
            then evidence.evidence_id_type
    end as evidence_id_type,
    case
        when members.held_id is not null or not named.is_born
            then evidence.evidence_identifier_key
    end as evidence_identifier_key,
    members.learned_at
from members
inner join named on members.record_key = named.record_key
left join kept_ids on members.held_id = kept_ids.customer_id
left join evidence on members.record_key = evidence.record_key
where members.held_id is null or members.held_id <> named.customer_id
union all
-- Whoever is gone must not come back with an id that others may hold by then.
select
    past_ids.record_key,
    cast(null as string) as customer_id,
    past_ids.customer_id as previous_customer_id,
    last_change.generation + 1 as generation,
    'gone' as change,
    cast(null as string) as evidence_id_type,
    cast(null as string) as evidence_identifier_key,
    last_change.learned_at
from past_ids
cross join last_change
anti join members on past_ids.record_key = members.record_key
where past_ids.record_key is not null
