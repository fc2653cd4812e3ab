-- One row per record with its person, its customer id, and the identifier that ties it
-- to the rest of the person. Kept between runs.
{{ config(
    materialized='kept', key='record_key', keys_from='int_identity__records_to_resolve'
) }}
-- depends_on: {{ ref('int_identity__records_to_resolve') }}
with batch_persons as (select * from {{ ref('int_identity__batch_persons') }}),

assigned_customer_ids as (
    select * from {{ ref('int_identity__assigned_customer_ids') }}
),

strongest_ties as (select * from {{ ref('int_identity__strongest_ties') }})

select
    batch_persons.record_key,
    batch_persons.kernel_key,
    batch_persons.person_key,
    batch_persons.component_key,
    batch_persons.has_conflict,
    assigned_customer_ids.customer_id,
    strongest_ties.id_type as tied_by,
    strongest_ties.identifier_key as tie_identifier_key,
    strongest_ties.priority as tie_priority,
    strongest_ties.probability as tie_probability,
    coalesce(strongest_ties.record_count, 1) as tied_record_count
from batch_persons
left join assigned_customer_ids
    on batch_persons.record_key = assigned_customer_ids.record_key
left join strongest_ties on batch_persons.record_key = strongest_ties.record_key
