-- One row per record or identifier that strong identifiers tie to others, with the
-- component that they form: the first of the two rounds of resolution.
{{ config(materialized='connected_components') }}
with edges as (select * from {{ ref('int_identity__edges') }}),

-- An identifier of one record ties nothing.
ties as (
    select
        record_key,
        identifier_key,
        count(*) over (partition by identifier_key) as record_count
    from edges
    where strength = 'strong'
)

select
    record_key as node_a,
    identifier_key as node_b
from ties
where record_count > 1
