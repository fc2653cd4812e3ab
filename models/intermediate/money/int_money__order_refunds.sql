-- One row per order with a refund, with what successful refunds gave back.
with refunds as (select * from {{ ref('int_money__refunds') }})

select
    order_key,
    count(*) filter (where is_success) as refund_count,
    min(case when is_success then refunded_on end) as first_refunded_on,
    cast(sum(refunded_amount) as decimal(18, 4)) as refunded_amount,
    cast(sum(goods_refunded_amount) as decimal(18, 4)) as goods_refunded_amount,
    cast(sum(shipping_refunded_amount) as decimal(18, 4)) as shipping_refunded_amount
from refunds
group by order_key
