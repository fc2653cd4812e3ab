-- One row per identifier that a record of this run carries or carried before.
with read as (select * from {{ ref('int_identity__read') }}),

touched as (select * from {{ ref('int_identity__touched') }}),

identifiers as (select * from {{ ref('int_identity__identifiers') }})

select identifiers.identifier_key
from identifiers
semi join touched on identifiers.record_key = touched.record_key
where identifiers.excluded_reason is null
union
select past_identifier_key as identifier_key
from read
where past_identifier_key is not null
