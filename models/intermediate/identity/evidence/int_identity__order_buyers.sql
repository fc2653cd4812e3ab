-- One row per order with the set of identifiers that it carries, kept from run to run.
{{ config(materialized='kept', key='order_key') }}
-- What the orders carried before must be read before it is overwritten.
-- depends_on: {{ ref('int_identity__touched') }}
with arrived_orders as (select * from {{ ref('int_identity__arrived_orders') }})

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
from arrived_orders
