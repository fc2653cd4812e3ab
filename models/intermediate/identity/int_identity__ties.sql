-- One row per record that is tied to others of its person, with the most trusted
-- identifier that does so.
{{ config(materialized='kept', key='record_key', redo='int_identity__affected') }}
with persons as (
    select kept.* from {{ ref('int_identity__persons') }} as kept
    semi join {{ ref('int_identity__affected') }} as affected
        on kept.record_key = affected.record_key
),

edges as (select * from {{ ref('int_identity__open_edges') }}),

tied as (
    select
        edges.record_key,
        edges.identifier_key,
        edges.id_type,
        edges.priority,
        edges.probability,
        edges.tie_key,
        count(*) over (partition by persons.person_key, edges.tie_key) as record_count
    from persons
    inner join edges on persons.record_key = edges.record_key
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
