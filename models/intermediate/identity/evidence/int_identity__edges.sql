-- One row per record and identifier that may say who it is, kept from run to run.
{{ config(materialized='kept', key='record_key', redo='int_identity__affected') }}
with open_edges as (select * from {{ ref('int_identity__open_edges') }})

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
from open_edges
