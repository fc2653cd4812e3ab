-- One row per record with the person that it belongs to, the customer id that it holds
-- and what ties it to the rest of its person, kept from run to run.
{{ config(materialized='kept', key='record_key', redo='int_identity__affected') }}
with persons as (select * from {{ ref('int_identity__open_persons') }}),

named as (select * from {{ ref('int_identity__named') }}),

ties as (select * from {{ ref('int_identity__ties') }})

select
    persons.record_key,
    persons.kernel_key,
    persons.person_key,
    persons.component_key,
    persons.has_conflict,
    named.customer_id,
    ties.id_type as tied_by,
    ties.identifier_key as tie_identifier_key,
    ties.priority as tie_priority,
    ties.probability as tie_probability,
    coalesce(ties.record_count, 1) as tied_record_count
from persons
left join named on persons.record_key = named.record_key
left join ties on persons.record_key = ties.record_key
