-- One row per record of this run that is tied to others of its person, with the most
-- trusted identifier that does so.
with resolution as (select * from {{ ref('int_identity__resolution') }}),

edges as (select * from {{ ref('int_identity__open_edges') }}),

tied as (
    select
        edges.record_key,
        edges.identifier_key,
        edges.id_type,
        edges.priority,
        edges.probability,
        edges.tie_key,
        count(*) over (
            partition by resolution.person_key, edges.tie_key
        ) as record_count
    from resolution
    inner join edges on resolution.record_key = edges.record_key
    where edges.is_tie
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
