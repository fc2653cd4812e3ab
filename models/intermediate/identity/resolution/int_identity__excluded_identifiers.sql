-- One row per identifier that ties no records, with the reason and the number of
-- records that carry it. A view, because only reports read it.
{{ config(materialized='view') }}
with identifiers as (select * from {{ ref('int_identity__identifiers') }}),

hubs as (select * from {{ ref('int_identity__hubs') }}),

rejected_ties as (select * from {{ ref('int_identity__rejected_ties') }}),

-- A rejected tie is listed once per record.
conflicts as (
    select distinct identifier_key
    from rejected_ties
),

judged as (
    select
        identifiers.identifier_key,
        identifiers.id_type,
        identifiers.id_scope,
        hubs.people_count,
        case
            when identifiers.excluded_reason is not null
                then identifiers.excluded_reason
            when hubs.identifier_key is not null then 'hub'
            when conflicts.identifier_key is not null then 'conflict'
        end as excluded_reason
    from identifiers
    left join hubs on identifiers.identifier_key = hubs.identifier_key
    left join conflicts on identifiers.identifier_key = conflicts.identifier_key
)

select
    identifier_key,
    id_type,
    id_scope,
    excluded_reason,
    people_count,
    count(*) as record_count
from judged
where excluded_reason is not null
group by all
