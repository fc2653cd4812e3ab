-- One row per record with its kernel: the records that strong identifiers alone already
-- prove to be one person.
with records as (select * from {{ ref('int_identity__records') }}),

strong_components as (select * from {{ ref('int_identity__strong_components') }})

select
    records.record_key,
    records.record_type,
    coalesce(strong_components.component_key, records.record_key) as kernel_key
from records
left join strong_components on records.record_key = strong_components.node
