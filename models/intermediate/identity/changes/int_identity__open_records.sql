-- One row per record that this run resolves and that is there.
with records as (select * from {{ ref('int_identity__records') }}),

affected as (select * from {{ ref('int_identity__affected') }})

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
semi join affected on records.record_key = affected.record_key
