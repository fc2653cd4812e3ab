-- Orders whose refunds do not add up to the refunded amount of the order.
{{ config(meta={'dagster': {'ref': {'name': 'refunds'}}}) }}
with orders as (select * from {{ ref('orders') }}),

refunds as (select * from {{ ref('refunds') }}),

sums as (
    select
        order_key,
        sum(refunded_amount) as refunded_amount,
        sum(goods_refunded_amount) as goods_refunded_amount
    from refunds
    group by order_key
)

select
    orders.order_key,
    orders.refunded_amount,
    sums.refunded_amount as refunds_amount
from orders
left join sums on orders.order_key = sums.order_key
where
    orders.fx_rate is not null
    and (
        orders.refunded_amount <> coalesce(sums.refunded_amount, 0)
        or orders.goods_refunded_amount <> coalesce(sums.goods_refunded_amount, 0)
    )
