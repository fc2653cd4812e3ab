-- One row per record of this run with its person. A buyer of orders without any
-- accepted tying identifier is no customer; each of its orders is anonymous.
with batch_records as (select * from {{ ref('int_identity__batch_records') }}),

batch_resolution as (select * from {{ ref('int_identity__batch_resolution') }}),

batch_edges as (select * from {{ ref('int_identity__batch_edges') }}),

rejected_ties as (select * from {{ ref('int_identity__rejected_ties') }}),

records_with_proof as (
    select batch_edges.record_key
    from batch_edges
    anti join rejected_ties
        on
            batch_edges.record_key = rejected_ties.record_key
            and batch_edges.tie_key = rejected_ties.tie_key
    where batch_edges.is_tie
    group by batch_edges.record_key
),

-- A record may have several rejected ties.
records_with_conflict as (
    select distinct record_key
    from rejected_ties
)

select
    batch_records.record_key,
    coalesce(batch_resolution.kernel_key, batch_records.record_key) as kernel_key,
    coalesce(batch_resolution.person_key, batch_records.record_key) as person_key,
    coalesce(batch_resolution.component_key, batch_records.record_key) as component_key,
    records_with_conflict.record_key is not null as has_conflict,
    batch_records.record_type <> 'buyer'
    or records_with_proof.record_key is not null as is_customer
from batch_records
left join batch_resolution on batch_records.record_key = batch_resolution.record_key
left join records_with_proof on batch_records.record_key = records_with_proof.record_key
left join records_with_conflict
    on batch_records.record_key = records_with_conflict.record_key
