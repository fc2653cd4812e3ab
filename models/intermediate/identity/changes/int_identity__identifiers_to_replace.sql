-- One row per record whose identifiers are read again and identifier that it carried in
-- the last run; a new record has one row without an identifier.
with changed_records as (select * from {{ ref('int_identity__changed_records') }}),

past_identifiers as (
    {{ rows_of_last_run('int_identity__identifiers', {
        'record_key': 'string', 'identifier_key': 'string', 'id_type': 'string'
    }) }}
)

select
    changed_records.record_key,
    past_identifiers.identifier_key as past_identifier_key,
    past_identifiers.id_type as past_id_type
from changed_records
left join past_identifiers on changed_records.record_key = past_identifiers.record_key
where changed_records.is_reread
