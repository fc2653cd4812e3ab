-- One row per period and slice, with the amount paid in it by orders whose refund
-- window is over, and the amount refunded within that window.
with orders as (select * from {{ ref('int_kpi__order_slices') }}),

refunds as (select * from {{ ref('int_orders__refunds') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

policy as (select * from {{ ref('kpi_policy') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

refunds_by_day as (
    select
        refunds.order_key,
        refunds.refunded_on,
        sum(refunds.refunded_amount) as refunded_amount
    from refunds
    where refunds.is_success
    group by refunds.order_key, refunds.refunded_on
),

matured as (
    select
        orders.*,
        orders.paid_on + cast(policy.refund_window_days as int) as window_ends_on
    from orders
    cross join policy
    cross join as_of
    where
        orders.is_sale
        and orders.paid_on + cast(policy.refund_window_days as int) <= as_of.as_of_on
),

orders_with_refunds as (
    select
        matured.order_key,
        matured.shop_id,
        matured.dimension,
        matured.dimension_value,
        matured.paid_on,
        matured.paid_amount,
        sum(refunds_by_day.refunded_amount) as refunded_amount
    from matured
    left join refunds_by_day
        on
            matured.order_key = refunds_by_day.order_key
            and matured.window_ends_on >= refunds_by_day.refunded_on
    group by
        matured.order_key, matured.shop_id, matured.dimension,
        matured.dimension_value, matured.paid_on, matured.paid_amount
)

select
    calendar.period,
    calendar.period_start_on,
    orders_with_refunds.shop_id,
    orders_with_refunds.dimension,
    orders_with_refunds.dimension_value,
    sum(orders_with_refunds.paid_amount) as matured_paid_amount,
    coalesce(sum(orders_with_refunds.refunded_amount), 0) as matured_refunded_amount
from orders_with_refunds
inner join calendar on orders_with_refunds.paid_on = calendar.day_on
group by
    calendar.period, calendar.period_start_on, orders_with_refunds.shop_id,
    orders_with_refunds.dimension, orders_with_refunds.dimension_value
