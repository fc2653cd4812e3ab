-- One row per record of this run that any identifier describes, with the person that it
-- is and the component of everybody whom it could ever be.
{{ config(materialized='resolved_in_rounds') }}
with open_edges as (select * from {{ ref('int_identity__open_edges') }})

select
    record_key,
    tie_key,
    identifier_key,
    id_type,
    id_scope,
    priority,
    -- Of matches the surest come first, in steps: one per nine of the probability.
    case
        when id_type <> 'fuzzy_match' then 5
        when probability >= 0.9999 then 4
        when probability >= 0.999 then 3
        when probability >= 0.99 then 2
        else 1
    end as sureness,
    id_type = 'fuzzy_match' as is_match,
    coalesce(uncompared_types, '') as uncompared_types,
    strength,
    is_tie,
    max_ids_per_customer
from open_edges
