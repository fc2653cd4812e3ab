-- One row per record of this run that is tied to others of its person, with the most
-- trusted identifier that ties it.
with batch_resolution as (select * from {{ ref('int_identity__batch_resolution') }}),

batch_edges as (select * from {{ ref('int_identity__batch_edges') }}),

tied as (
    select
        batch_edges.record_key,
        batch_edges.identifier_key,
        batch_edges.id_type,
        batch_edges.priority,
        batch_edges.probability,
        batch_edges.tie_key,
        count(*) over (
            partition by batch_resolution.person_key, batch_edges.tie_key
        ) as record_count
    from batch_resolution
    inner join batch_edges on batch_resolution.record_key = batch_edges.record_key
    where batch_edges.is_tie
)

select
    record_key,
    identifier_key,
    id_type,
    priority,
    probability,
    record_count
from tied
where record_count > 1
qualify row_number() over (
    partition by record_key order by priority asc, record_count desc, tie_key asc
) = 1
