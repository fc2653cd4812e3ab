-- One row per shop and batch of coupons with the sales that its coupons were used for.
-- An order with coupons of several batches counts for each of them.
with redemptions as (select * from {{ ref('stg_erp__coupon_redemptions') }}),

orders as (select * from {{ ref('int_orders__orders') }} where is_sale),

used as (
    select distinct
        shop_id,
        coupon_id,
        order_key
    from redemptions
    where order_key is not null
)

select
    used.shop_id,
    used.coupon_id,
    count(*) as order_count,
    sum(orders.net_amount) as net_amount,
    count(orders.margin_amount) as costed_order_count,
    sum(orders.margin_amount) as margin_amount
from used
inner join orders on used.order_key = orders.order_key
group by used.shop_id, used.coupon_id
