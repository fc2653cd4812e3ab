-- One row per record and usable identifier of this run that it carries, whoever it is.
with touched as (select * from {{ ref('int_identity__touched_identifiers') }}),

identifiers as (select * from {{ ref('int_identity__identifiers') }})

select
    identifiers.record_key,
    identifiers.identifier_key,
    identifiers.id_type
from identifiers
semi join touched on identifiers.identifier_key = touched.identifier_key
where identifiers.excluded_reason is null
