-- One row per order with a refund of any status, with the totals of its successful
-- refunds.
with refunds as (select * from {{ ref('int_orders__refund_amounts') }})

select
    order_key,
    count(*) filter (where is_success) as refund_count,
    min(case when is_success then refunded_on end) as first_refunded_on,
    {{ complete_sum('refunded_amount') }} as refunded_amount,
    {{ complete_sum('goods_refunded_amount') }} as goods_refunded_amount,
    {{ complete_sum('shipping_refunded_amount') }} as shipping_refunded_amount
from refunds
group by order_key
