-- One row per refund of a known order, on the day on which the money went back and with
-- the day of its order beside it.
with refunds as (select * from {{ ref('stg_erp__refunds') }}),

money as (select * from {{ ref('int_money__refunds') }}),

orders as (select * from {{ ref('orders') }})

select
    refunds.refund_key,
    refunds.order_key,
    money.line_key,
    refunds.source_system,
    refunds.shop_id,
    refunds.refund_id,
    refunds.order_id,
    orders.customer_id,
    orders.platform,
    refunds.status,
    refunds.refund_type,
    refunds.reason,
    money.is_success,
    orders.is_sale,
    refunds.quantity,
    money.requested_amount,
    money.refunded_amount,
    money.goods_refunded_amount,
    money.shipping_refunded_amount,
    orders.ordered_on,
    case when money.is_success then money.refunded_on end as refunded_on,
    refunds.requested_at,
    refunds.refunded_at
from refunds
inner join money on refunds.refund_key = money.refund_key
inner join orders on refunds.order_key = orders.order_key
