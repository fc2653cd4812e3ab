-- One row per order with its customer.
{{ config(materialized='compared') }}
with customer_map as (select * from {{ ref('int_identity__customer_map') }})

select
    record_key as order_key,
    customer_id,
    is_anonymous
from customer_map
where record_type = 'order'
