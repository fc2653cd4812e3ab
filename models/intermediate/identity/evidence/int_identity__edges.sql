-- One row per record and identifier that counts for or against ties. Kept between runs.
{{ config(
    materialized='kept', key='record_key', keys_from='int_identity__records_to_resolve'
) }}
-- depends_on: {{ ref('int_identity__records_to_resolve') }}
with batch_edges as (select * from {{ ref('int_identity__batch_edges') }})

select
    record_key,
    identifier_key,
    tie_key,
    id_type,
    id_scope,
    probability,
    uncompared_types,
    priority,
    strength,
    is_tie,
    max_ids_per_customer
from batch_edges
