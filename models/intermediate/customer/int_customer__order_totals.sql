-- One row per customer with a sale: how many orders, for how much, from when to when.
with orders as (select * from {{ ref('orders') }})

select
    customer_id,
    count(*) as order_count,
    count(distinct ordered_on) as purchase_day_count,
    count(distinct platform) as platform_count,
    count(*) filter (where promotion_id is not null) as promoted_order_count,
    count(*) filter (where refund_count > 0) as refunded_order_count,
    count(*) filter (where is_fully_refunded) as fully_refunded_order_count,
    min(ordered_on) as first_order_on,
    max(ordered_on) as last_order_on,
    cast(sum(units_count) as decimal(18, 4)) as units_count,
    cast(sum(list_amount) as decimal(18, 4)) as list_amount,
    cast(
        sum(merchant_discount_amount) as decimal(18, 4)
    ) as merchant_discount_amount,
    cast(
        sum(platform_discount_amount) as decimal(18, 4)
    ) as platform_discount_amount,
    cast(sum(goods_amount) as decimal(18, 4)) as goods_amount,
    cast(sum(shipping_amount) as decimal(18, 4)) as shipping_amount,
    cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
    cast(sum(refunded_amount) as decimal(18, 4)) as refunded_amount,
    cast(sum(net_amount) as decimal(18, 4)) as net_amount,
    cast(
        sum(platform_subsidy_amount) as decimal(18, 4)
    ) as platform_subsidy_amount,
    case
        when count(cost_amount) = count(*)
            then cast(sum(cost_amount) as decimal(18, 4))
    end as cost_amount,
    case
        when count(margin_amount) = count(*)
            then cast(sum(margin_amount) as decimal(18, 4))
    end as margin_amount,
    case
        when count(fee_amount) = count(*)
            then cast(sum(fee_amount) as decimal(18, 4))
    end as fee_amount,
    case
        when count(contribution_amount) = count(*)
            then cast(sum(contribution_amount) as decimal(18, 4))
    end as contribution_amount,
    max(net_amount) as largest_order_net_amount
from orders
where is_sale
group by customer_id
