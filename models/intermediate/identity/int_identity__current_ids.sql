-- One row per record that stands for a customer, with the customer id it holds now.
{{ config(materialized='kept', key='record_key', redo='int_identity__affected') }}
with members as (select * from {{ ref('int_identity__members') }}),

given as (select * from {{ ref('int_identity__customer_ids') }})

select
    given.record_key,
    max_by(given.customer_id, given.generation) as customer_id
from given
semi join members on given.record_key = members.record_key
group by given.record_key
