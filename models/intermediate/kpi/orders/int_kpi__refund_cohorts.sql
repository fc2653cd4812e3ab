-- One row per period and slice with what was paid in it so long ago that its refunds
-- are complete, and what of it was given back within those days.
with orders as (select * from {{ ref('int_kpi__order_slices') }}),

refunds as (select * from {{ ref('int_orders__refunds') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

policy as (select * from {{ ref('kpi_policy') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

given_back as (
    select
        refunds.order_key,
        refunds.refunded_on,
        sum(refunds.refunded_amount) as refunded_amount
    from refunds
    where refunds.is_success
    group by refunds.order_key, refunds.refunded_on
),

complete as (
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

orders_given_back as (
    select
        complete.order_key,
        complete.shop_id,
        complete.dimension,
        complete.dimension_value,
        complete.paid_on,
        complete.paid_amount,
        sum(given_back.refunded_amount) as refunded_amount
    from complete
    left join given_back
        on
            complete.order_key = given_back.order_key
            and complete.window_ends_on >= given_back.refunded_on
    group by
        complete.order_key, complete.shop_id, complete.dimension,
        complete.dimension_value, complete.paid_on, complete.paid_amount
)

select
    calendar.period,
    calendar.period_start_on,
    orders_given_back.shop_id,
    orders_given_back.dimension,
    orders_given_back.dimension_value,
    sum(orders_given_back.paid_amount) as matured_paid_amount,
    coalesce(sum(orders_given_back.refunded_amount), 0) as matured_refunded_amount
from orders_given_back
inner join calendar on orders_given_back.paid_on = calendar.day_on
group by
    calendar.period, calendar.period_start_on, orders_given_back.shop_id,
    orders_given_back.dimension, orders_given_back.dimension_value
