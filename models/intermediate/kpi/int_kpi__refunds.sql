-- One row per period and slice with what was given back in it, whenever it was paid.
with orders as (select * from {{ ref('int_kpi__order_slices') }}),

refunds as (select * from {{ ref('refunds') }}),

calendar as (select * from {{ ref('int_kpi__calendar') }})

select
    calendar.period,
    calendar.period_start_on,
    orders.shop_id,
    orders.dimension,
    orders.dimension_value,
    sum(refunds.refunded_amount) as refunded_amount,
    sum(refunds.goods_refunded_amount) as goods_refunded_amount
from refunds
inner join orders on refunds.order_key = orders.order_key
inner join calendar on refunds.refunded_on = calendar.day_on
where refunds.is_success and orders.is_sale
group by
    calendar.period, calendar.period_start_on, orders.shop_id, orders.dimension,
    orders.dimension_value
