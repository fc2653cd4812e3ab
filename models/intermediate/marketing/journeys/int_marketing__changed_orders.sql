-- One row per order that changed, or whose customer has another order or sessions that
-- changed, or whose visitor has, since the touches of orders were built last.
{{ config(materialized='changed_keys') }}
with changed_orders as (
    select * from {{ changed_rows(ref('int_orders__orders')) }}
),

changed_sessions as (
    select * from {{ changed_rows(ref('int_sessions__sessions')) }}
),

changed_events as (
    select * from {{ changed_rows(ref('int_sessions__events')) }}
),

orders as (select * from {{ ref('int_orders__orders') }}),

events as (select * from {{ ref('int_sessions__events') }}),

-- Orders that visitors with changed sessions report, and orders of changed events.
reported_orders as (
    select
        events.shop_id,
        events.order_id
    from events
    inner join changed_sessions on events.visitor_key = changed_sessions.visitor_key
    where events.order_id is not null
    union
    select
        shop_id,
        order_id
    from changed_events
    where order_id is not null
)

select order_key
from changed_orders
union
-- The journey of an order begins after the previous order of its customer.
select orders.order_key
from orders
inner join changed_orders on orders.customer_id = changed_orders.customer_id
union
select orders.order_key
from orders
inner join changed_sessions on orders.customer_id = changed_sessions.customer_id
union
select orders.order_key
from orders
inner join reported_orders
    on
        orders.shop_id = reported_orders.shop_id
        and orders.order_id = reported_orders.order_id
