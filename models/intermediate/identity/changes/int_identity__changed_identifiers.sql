-- One row per identifier that a changed record carries, or carried in the last run, of
-- a kind that ties records.
with identifiers_to_replace as (
    select * from {{ ref('int_identity__identifiers_to_replace') }}
),

changed_records as (select * from {{ ref('int_identity__changed_records') }}),

identifiers as (select * from {{ ref('int_identity__identifiers') }}),

-- A name only separates: two people with the same name need not be related.
tying_types as (select * from {{ ref('identity_policy') }} where is_edge)

select identifiers.identifier_key
from identifiers
semi join changed_records on identifiers.record_key = changed_records.record_key
semi join tying_types on identifiers.id_type = tying_types.id_type
where identifiers.excluded_reason is null
union
select identifiers_to_replace.past_identifier_key as identifier_key
from identifiers_to_replace
semi join tying_types on identifiers_to_replace.past_id_type = tying_types.id_type
