-- One row per record whose identifiers are read in this run and identifier that it
-- carried before, none for a new record.
with touched as (select * from {{ ref('int_identity__touched') }}),

past_identifiers as (
    {{ rows_of_last_run('int_identity__identifiers', {
        'record_key': 'string', 'identifier_key': 'string', 'id_type': 'string'
    }) }}
)

select
    touched.record_key,
    past_identifiers.identifier_key as past_identifier_key,
    past_identifiers.id_type as past_id_type
from touched
left join past_identifiers on touched.record_key = past_identifiers.record_key
where touched.is_read
