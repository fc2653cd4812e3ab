-- One row per record that this run resolves and that still exists.
with records as (select * from {{ ref('int_identity__records') }}),

records_to_resolve as (select * from {{ ref('int_identity__records_to_resolve') }})

select
    records.record_key,
    records.record_type,
    records.source_system,
    records.shop_id,
    records.record_id,
    records.anchor_key,
    records.first_seen_at,
    records.last_seen_at
from records
semi join records_to_resolve on records.record_key = records_to_resolve.record_key
