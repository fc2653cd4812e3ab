-- One row per record with the person that it belongs to; a set of identifiers of which
-- none proves anything is nobody, and its orders stand alone.
{{ config(materialized='kept', key='record_key', redo='int_identity__affected') }}
with records as (
    select kept.* from {{ ref('int_identity__records') }} as kept
    semi join {{ ref('int_identity__affected') }} as affected
        on kept.record_key = affected.record_key
),

resolution as (
    select kept.* from {{ ref('int_identity__resolution') }} as kept
    semi join {{ ref('int_identity__affected') }} as affected
        on kept.record_key = affected.record_key
),

edges as (select * from {{ ref('int_identity__open_edges') }}),

refusals as (select * from {{ ref('int_identity__refusals') }}),

proofs as (
    select edges.record_key
    from edges
    semi join records on edges.record_key = records.record_key
    anti join refusals
        on edges.record_key = refusals.record_key and edges.tie_key = refusals.tie_key
    where edges.is_tie
    group by edges.record_key
),

-- A record may have several ties refused.
torn as (
    select distinct refusals.record_key
    from refusals
    semi join records on refusals.record_key = records.record_key
)

select
    records.record_key,
    records.record_type,
    coalesce(resolution.kernel_key, records.record_key) as kernel_key,
    coalesce(resolution.person_key, records.record_key) as person_key,
    torn.record_key is not null as has_conflict,
    records.record_type <> 'buyer' or proofs.record_key is not null as is_customer
from records
left join resolution on records.record_key = resolution.record_key
left join proofs on records.record_key = proofs.record_key
left join torn on records.record_key = torn.record_key
