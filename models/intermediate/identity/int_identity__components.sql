-- One row per kernel or weak identifier that bridges tie to others, with the component
-- that they form: the second round of resolution.
{{ config(materialized='connected_components') }}
with bridges as (select * from {{ ref('int_identity__bridges') }})

select
    kernel_key as node_a,
    identifier_key as node_b
from bridges
where is_bridge
