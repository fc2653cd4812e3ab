-- One row per record of this run that has an edge, with its person and its component:
-- all records that would be one person if no tie were rejected.
{{ config(materialized='resolved_in_rounds') }}
with batch_edges as (select * from {{ ref('int_identity__batch_edges') }})

select
    record_key,
    tie_key,
    identifier_key,
    id_type,
    id_scope,
    priority,
    -- Matches in steps of certainty: one step per leading nine of the probability.
    case
        when id_type <> 'fuzzy_match' then 5
        when probability >= 0.9999 then 4
        when probability >= 0.999 then 3
        when probability >= 0.99 then 2
        else 1
    end as certainty,
    id_type = 'fuzzy_match' as is_match,
    coalesce(uncompared_types, '') as uncompared_types,
    strength,
    is_tie,
    max_ids_per_customer
from batch_edges
