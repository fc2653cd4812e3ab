-- One row per customer with an order, a line or a credit note that changed since the
-- orders of customers were summed last.
{{ config(materialized='changed_keys') }}
with changed_orders as (
    select * from {{ changed_rows(ref('int_orders__orders')) }}
),

changed_results as (select * from {{ ref('int_orders__changed_results') }}),

changed_credits as (
    select * from {{ changed_rows(ref('int_customers__credit_notes')) }}
),

orders as (select * from {{ ref('int_orders__orders') }})

select customer_id
from changed_orders
union
select orders.customer_id
from orders
semi join changed_results on orders.order_key = changed_results.order_key
union
select customer_id
from changed_credits
