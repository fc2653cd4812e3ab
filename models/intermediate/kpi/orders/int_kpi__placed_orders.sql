-- One row per period and slice, with the orders placed in it, their identified buyers,
-- and the buyers who paid at least one of these orders at any time. Paid orders that
-- are not sales, such as gifts, do not count.
{{ config(
    materialized='kept', key='period_start_on', keys_from='int_kpi__changed_order_periods'
) }}
-- depends_on: {{ ref('int_kpi__changed_order_periods') }}
with orders as (select * from {{ ref('int_kpi__order_slices') }}),

calendar as (select * from {{ needed(ref('int_reference__period_days')) }}),

buyers as (
    select
        calendar.period,
        calendar.period_start_on,
        orders.shop_id,
        orders.dimension,
        orders.dimension_value,
        orders.customer_id,
        orders.is_anonymous,
        bool_or(orders.is_sale) as has_paid,
        count(*) as order_count,
        sum(orders.goods_amount) as goods_amount
    from orders
    inner join calendar on orders.ordered_on = calendar.day_on
    where orders.is_sale or not orders.is_paid
    group by
        calendar.period, calendar.period_start_on, orders.shop_id, orders.dimension,
        orders.dimension_value, orders.customer_id, orders.is_anonymous
)

select
    period,
    period_start_on,
    shop_id,
    dimension,
    dimension_value,
    count_if(has_paid and not is_anonymous) as paying_placed_buyer_count,
    count_if(not is_anonymous) as placed_buyer_count,
    sum(order_count) as placed_order_count,
    sum(goods_amount) as placed_amount
from buyers
group by period, period_start_on, shop_id, dimension, dimension_value
