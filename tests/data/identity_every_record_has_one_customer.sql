-- Records without a customer, and records that are in the customer map twice.
{{ config(meta={'dagster': {'ref': {'name': 'int_identity__customer_map'}}}) }}
with customer_map as (select * from {{ ref('int_identity__customer_map') }}),

orders as (select * from {{ ref('stg_erp__orders') }}),

records as (select * from {{ ref('int_identity__records') }}),

expected as (
    select
        order_key as record_key,
        'order' as record_type
    from orders
    union all
    select
        record_key,
        record_type
    from records
    where record_type <> 'buyer'
),

found as (
    select
        record_key,
        record_type,
        count(*) as row_count,
        count(customer_id) as customer_count
    from customer_map
    group by record_key, record_type
)

select
    expected.record_key,
    expected.record_type,
    found.row_count
from expected
left join found
    on
        expected.record_key = found.record_key
        and expected.record_type = found.record_type
where found.row_count is distinct from 1 or found.customer_count <> 1
