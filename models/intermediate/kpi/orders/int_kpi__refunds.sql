-- One row per period and slice, with the amounts refunded in it, regardless of the
-- payment date. A refund without an order has the sales channel and customer type
-- `unknown`.
with orders as (select * from {{ ref('int_kpi__order_slices') }}),

refunds as (select * from {{ ref('int_orders__refunds') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

scopes as (select * from {{ ref('int_kpi__scopes') }}),

sliced as (
    select
        orders.shop_id,
        orders.dimension,
        orders.dimension_value,
        refunds.refunded_on,
        refunds.refunded_amount,
        refunds.goods_refunded_amount
    from refunds
    inner join orders on refunds.order_key = orders.order_key
    where refunds.is_success and orders.is_sale
    union all
    select
        scopes.scope_id as shop_id,
        scopes.dimension,
        {{ dimension_value('scopes.dimension', {
            'platform': 'refunds.platform',
            'sales_channel': 'null',
            'customer_type': 'null',
        }) }} as dimension_value,
        refunds.refunded_on,
        refunds.refunded_amount,
        refunds.goods_refunded_amount
    from refunds
    inner join scopes
        on
            refunds.shop_id = scopes.shop_id
            and scopes.dimension
            in ('all', 'platform', 'sales_channel', 'customer_type')
    where refunds.is_success and refunds.order_key is null
)

select
    calendar.period,
    calendar.period_start_on,
    sliced.shop_id,
    sliced.dimension,
    sliced.dimension_value,
    sum(sliced.refunded_amount) as refunded_amount,
    sum(sliced.goods_refunded_amount) as goods_refunded_amount
from sliced
inner join calendar on sliced.refunded_on = calendar.day_on
group by
    calendar.period, calendar.period_start_on, sliced.shop_id, sliced.dimension,
    sliced.dimension_value
