-- One row per identifier that a record of this run carries or carried before.
with read as (select * from {{ ref('int_identity__read') }}),

touched as (select * from {{ ref('int_identity__touched') }}),

identifiers as (select * from {{ ref('int_identity__identifiers') }}),

-- A name only limits: two people of one name have nothing to do with each other.
ties as (select * from {{ ref('identity_policy') }} where is_edge)

select identifiers.identifier_key
from identifiers
semi join touched on identifiers.record_key = touched.record_key
semi join ties on identifiers.id_type = ties.id_type
where identifiers.excluded_reason is null
union
select read.past_identifier_key as identifier_key
from read
semi join ties on read.past_id_type = ties.id_type
