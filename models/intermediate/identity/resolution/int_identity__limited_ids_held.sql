-- One row per person of this run and identifier of a kind that the policy limits, with
-- the number of identifiers of this kind that the person holds.
with edges as (select * from {{ ref('int_identity__batch_edges') }}),

resolution as (select * from {{ ref('int_identity__batch_resolution') }}),

held as (
    select
        resolution.person_key,
        resolution.component_key,
        edges.id_type,
        edges.id_scope,
        edges.priority,
        edges.strength,
        edges.identifier_key,
        edges.max_ids_per_customer
    from edges
    inner join resolution on edges.record_key = resolution.record_key
    where edges.max_ids_per_customer is not null
    group by all
)

select
    *,
    count(*) over (partition by person_key, id_type, id_scope) as held_count
from held
