-- One row per record of this run with the person that it belongs to; a set of
-- identifiers of which none proves anything is nobody, and its orders stand alone.
with records as (select * from {{ ref('int_identity__open_records') }}),

resolution as (select * from {{ ref('int_identity__resolution') }}),

edges as (select * from {{ ref('int_identity__open_edges') }}),

refusals as (select * from {{ ref('int_identity__refusals') }}),

proofs as (
    select edges.record_key
    from edges
    anti join refusals
        on edges.record_key = refusals.record_key and edges.tie_key = refusals.tie_key
    where edges.is_tie
    group by edges.record_key
),

-- A record may have several ties refused.
torn as (
    select distinct record_key
    from refusals
)

select
    records.record_key,
    coalesce(resolution.kernel_key, records.record_key) as kernel_key,
    coalesce(resolution.person_key, records.record_key) as person_key,
    coalesce(resolution.component_key, records.record_key) as component_key,
    torn.record_key is not null as has_conflict,
    records.record_type <> 'buyer' or proofs.record_key is not null as is_customer
from records
left join resolution on records.record_key = resolution.record_key
left join proofs on records.record_key = proofs.record_key
left join torn on records.record_key = torn.record_key
