-- One row per customer with an order whose amounts or customer changed since the
-- purchase histories were built last.
{{ config(materialized='changed_keys') }}
with changed_amounts as (
    select * from {{ changed_rows(ref('int_orders__order_amounts')) }}
),

changed_customers as (
    select * from {{ changed_rows(ref('int_orders__order_customers')) }}
),

changed_orders as (select * from {{ ref('int_orders__changed_orders') }}),

order_customers as (select * from {{ ref('int_orders__order_customers') }})

select customer_id
from changed_customers
union
select order_customers.customer_id
from order_customers
inner join changed_amounts on order_customers.order_key = changed_amounts.order_key
union
select order_customers.customer_id
from order_customers
inner join changed_orders on order_customers.order_key = changed_orders.order_key
