-- One row per changed identifier and record that carries it, as far as the identifier
-- is usable. The record itself may be unchanged.
with changed_identifiers as (
    select * from {{ ref('int_identity__changed_identifiers') }}
),

identifiers as (select * from {{ ref('int_identity__identifiers') }})

select
    identifiers.record_key,
    identifiers.identifier_key,
    identifiers.id_type
from identifiers
semi join changed_identifiers
    on identifiers.identifier_key = changed_identifiers.identifier_key
where identifiers.excluded_reason is null
