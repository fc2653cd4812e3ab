-- One row per record of this run that belongs to a customer, with the customer id that
-- it holds from earlier runs and its rank in its person. The record that the shop saw
-- first has rank 1; a new customer id is made from its key.
with batch_persons as (select * from {{ ref('int_identity__batch_persons') }}),

batch_records as (select * from {{ ref('int_identity__batch_records') }}),

held_customer_ids as (select * from {{ ref('int_identity__held_customer_ids') }}),

feed_state as (select * from {{ ref('int_identity__feed_state') }}),

last_landing as (select max(last_loaded_at) as learned_at from feed_state),

last_change as (select max(generation) as generation from held_customer_ids)

select
    batch_persons.record_key,
    batch_persons.person_key,
    held_customer_ids.customer_id as held_id,
    'c' || md5(batch_records.anchor_key) as own_id,
    coalesce(
        held_customer_ids.customer_id = 'c' || md5(batch_records.anchor_key), false
    ) as is_anchor,
    row_number() over (
        partition by batch_persons.person_key
        order by batch_records.first_seen_at nulls last, batch_records.anchor_key
    ) as seniority,
    last_change.generation + 1 as generation,
    last_landing.learned_at
from batch_persons
inner join batch_records on batch_persons.record_key = batch_records.record_key
left join held_customer_ids on batch_persons.record_key = held_customer_ids.record_key
cross join last_change
cross join last_landing
where batch_persons.is_customer
