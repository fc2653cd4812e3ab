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
    strength,
    is_tie,
    max_ids_per_customer
from open_edges
