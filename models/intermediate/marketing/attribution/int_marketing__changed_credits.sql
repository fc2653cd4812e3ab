-- One row per sale whose journey or coupon changed since the credits were computed
-- last, or of a month whose weights changed.
{{ config(materialized='changed_keys') }}
with changed_journeys as (
    select * from {{ changed_rows(ref('int_marketing__order_sessions')) }}
),

changed_orders as (
    select * from {{ changed_rows(ref('int_orders__orders')) }}
),

changed_coupons as (
    select * from {{ changed_rows(ref('int_marketing__coupon_channels')) }}
),

changed_weights as (
    select * from {{ changed_rows(ref('int_marketing__channel_weights')) }}
),

orders as (select * from {{ ref('int_orders__orders') }} where is_sale)

select order_key
from changed_journeys
union
select order_key
from changed_orders
union
select order_key
from changed_coupons
union
select orders.order_key
from orders
inner join changed_weights
    on cast(date_trunc('month', orders.paid_on) as date) = changed_weights.month_on
