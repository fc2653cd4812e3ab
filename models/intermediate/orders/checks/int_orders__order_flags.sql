-- One row per order and anomaly of its amounts, with the amount concerned, so that
-- every inconsistency is visible.
with orders as (select * from {{ ref('int_orders__order_amounts') }}),

headers as (select * from {{ ref('int_orders__order_headers') }}),

source_orders as (select * from {{ ref('stg_erp__orders') }}),

lines as (select * from {{ ref('int_orders__line_values') }}),

unpriced_orders as (
    select order_key
    from lines
    where is_unpriced
    group by order_key
)

select
    order_key,
    'money_gap' as flag,
    cast(unexplained_amount - outstanding_amount as decimal(18, 4)) as amount
from orders
where abs(unexplained_amount - outstanding_amount) >= 0.01
union all
select
    order_key,
    'refund_over_paid' as flag,
    cast(refunded_amount - paid_amount as decimal(18, 4)) as amount
from orders
where refunded_amount > paid_amount
union all
select
    order_key,
    'order_without_lines' as flag,
    goods_amount as amount
from orders
where line_count = 0
union all
select
    orders.order_key,
    'line_without_price' as flag,
    orders.goods_amount as amount
from orders
semi join unpriced_orders on orders.order_key = unpriced_orders.order_key
union all
select
    orders.order_key,
    'shipping_over_paid' as flag,
    cast(headers.shipping_amount - orders.shipping_amount as decimal(18, 4)) as amount
from orders
inner join headers on orders.order_key = headers.order_key
where headers.shipping_amount > orders.shipping_amount
union all
select
    orders.order_key,
    'cancelled_but_not_refunded' as flag,
    cast(orders.paid_amount - orders.refunded_amount as decimal(18, 4)) as amount
from orders
inner join headers on orders.order_key = headers.order_key
where
    headers.status = 'cancelled'
    and orders.is_paid
    and orders.refunded_amount < orders.paid_amount
union all
select
    order_key,
    'partly_paid' as flag,
    outstanding_amount as amount
from orders
where outstanding_amount > 0
union all
select
    order_key,
    'payment_restored' as flag,
    paid_amount as amount
from headers
where is_payment_restored
union all
select
    orders.order_key,
    'no_fx_rate' as flag,
    source_orders.paid_amount as amount
from orders
inner join source_orders on orders.order_key = source_orders.order_key
where orders.fx_rate is null or orders.invalid_reason = 'no_fx_rate'
