-- One row per record of this run that stands for a customer, with the customer id that
-- it holds from earlier runs and its place in its person: the record that the business
-- saw first is number one, and its key makes the id where there is none yet.
with persons as (select * from {{ ref('int_identity__open_persons') }}),

records as (select * from {{ ref('int_identity__open_records') }}),

past_ids as (select * from {{ ref('int_identity__past_ids') }}),

arrivals as (select * from {{ ref('int_identity__arrivals') }}),

last_arrival as (select max(last_loaded_at) as learned_at from arrivals),

last_change as (select max(generation) as generation from past_ids)

select
    persons.record_key,
    persons.person_key,
    past_ids.customer_id as held_id,
    'c' || md5(records.anchor_key) as own_id,
    coalesce(past_ids.customer_id = 'c' || md5(records.anchor_key), false) as is_anchor,
    row_number() over (
        partition by persons.person_key
        order by records.first_seen_at nulls last, records.anchor_key
    ) as seniority,
    last_change.generation + 1 as generation,
    last_arrival.learned_at
from persons
inner join records on persons.record_key = records.record_key
left join past_ids on persons.record_key = past_ids.record_key
cross join last_change
cross join last_arrival
where persons.is_customer
