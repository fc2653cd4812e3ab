-- One row per record that stands for a customer, with the customer id it holds now.
with persons as (select * from {{ ref('int_identity__persons') }}),

given as (select * from {{ ref('int_identity__customer_ids') }}),

ranked as (
    select
        record_key,
        customer_id,
        row_number() over (
            partition by record_key order by generation desc
        ) as age
    from given
)

select
    ranked.record_key,
    ranked.customer_id
from ranked
inner join persons on ranked.record_key = persons.record_key
where ranked.age = 1 and persons.is_customer
