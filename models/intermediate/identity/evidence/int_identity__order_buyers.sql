-- One row per order with its buyer, which is the set of identifiers that the order
-- carries. Kept between runs.
{{ config(materialized='kept', key='order_key') }}
-- `changed_buyers` reads the buyers of the last run before they are replaced here.
-- depends_on: {{ ref('int_identity__changed_records') }}
with landed_orders as (select * from {{ ref('int_identity__landed_orders') }})

select
    order_key,
    buyer_key,
    source_system,
    shop_id,
    order_id,
    erp_customer_id,
    crm_customer_id,
    ordered_at,
    is_forgotten
from landed_orders
