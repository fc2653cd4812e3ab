-- One row per record that any identifier describes, with the person that it is and the
-- component of everybody whom it could ever be.
{{ config(materialized='resolved_in_rounds', redo='int_identity__affected') }}
with edges as (select * from {{ ref('int_identity__edges') }}),

affected as (select * from {{ ref('int_identity__affected') }})

select
    edges.record_key,
    edges.tie_key,
    edges.identifier_key,
    edges.id_type,
    edges.id_scope,
    edges.priority,
    edges.strength,
    edges.is_tie,
    edges.max_ids_per_customer
from edges
semi join affected on edges.record_key = affected.record_key
