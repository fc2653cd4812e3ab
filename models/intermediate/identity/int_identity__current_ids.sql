-- One row per record that was ever resolved, with the customer id it holds now.
with given as (select * from {{ ref('int_identity__customer_ids') }}),

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
    record_key,
    customer_id
from ranked
where age = 1
