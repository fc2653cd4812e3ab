-- One row per shop-local day, shop and platform with at least one order, with the
-- counts and amounts of the orders placed on that day.
with orders as (select * from {{ ref('int_orders__orders') }})

select
    ordered_on as sales_on,
    shop_id,
    platform,
    count(*) as placed_order_count,
    count(*) filter (where is_paid) as paid_order_count,
    count(*) filter (where is_sale) as order_count,
    count(
        distinct case when is_sale and not is_anonymous then customer_id end
    ) as buyer_count,
    count(*) filter (where is_first_order) as new_buyer_count,
    sum(units_count) filter (where is_sale) as units_count,
    sum(list_amount) filter (where is_sale) as list_amount,
    sum(merchant_discount_amount) filter (where is_sale) as merchant_discount_amount,
    sum(platform_discount_amount) filter (where is_sale) as platform_discount_amount,
    sum(unexplained_amount) filter (where is_sale) as unexplained_amount,
    sum(goods_amount) filter (where is_sale) as goods_amount,
    sum(shipping_amount) filter (where is_sale) as shipping_amount,
    sum(tax_amount) filter (where is_sale) as tax_amount,
    sum(other_amount) filter (where is_sale) as other_amount,
    sum(paid_amount) filter (where is_sale) as paid_amount,
    sum(refunded_amount) filter (where is_sale) as refunded_later_amount,
    sum(goods_refunded_amount) filter (
        where is_sale
    ) as goods_refunded_later_amount,
    sum(net_amount) filter (where is_sale) as net_amount,
    sum(platform_subsidy_amount) filter (where is_sale) as platform_subsidy_amount,
    sum(net_amount) filter (
        where margin_amount is not null
    ) as costed_net_amount,
    sum(cost_amount) filter (where is_sale) as cost_amount,
    sum(margin_amount) filter (where is_sale) as margin_amount,
    sum(fee_amount) filter (where is_sale) as fee_amount,
    sum(contribution_amount) filter (where is_sale) as contribution_amount
from orders
group by ordered_on, shop_id, platform
