-- One row per shop-local day, shop and platform, with the orders of that day, the
-- refunds of these orders to date, and the refunds and credit notes of the day itself.
with sales as (select * from {{ ref('int_orders__daily_orders') }}),

refunds as (select * from {{ ref('int_orders__refunds') }}),

refund_days as (
    select
        refunded_on as sales_on,
        shop_id,
        platform,
        count(*) as refund_count,
        sum(refunded_amount) as refunded_amount,
        sum(goods_refunded_amount) as goods_refunded_amount
    from refunds
    where is_sale and is_success
    group by refunded_on, shop_id, platform
)

select
    coalesce(sales.sales_on, refund_days.sales_on) as sales_on,
    coalesce(sales.shop_id, refund_days.shop_id) as shop_id,
    coalesce(sales.platform, refund_days.platform) as platform,
    coalesce(sales.placed_order_count, 0) as placed_order_count,
    coalesce(sales.paid_order_count, 0) as paid_order_count,
    coalesce(sales.order_count, 0) as order_count,
    case
        when sales.buyer_count > 0 or coalesce(sales.order_count, 0) = 0
            then coalesce(sales.buyer_count, 0)
    end as buyer_count,
    coalesce(sales.new_buyer_count, 0) as new_buyer_count,
    cast(coalesce(sales.units_count, 0) as decimal(18, 4)) as units_count,
    coalesce(refund_days.refund_count, 0) as refund_count,
    cast(coalesce(sales.list_amount, 0) as decimal(18, 4)) as list_amount,
    cast(
        coalesce(sales.merchant_discount_amount, 0) as decimal(18, 4)
    ) as merchant_discount_amount,
    cast(
        coalesce(sales.platform_discount_amount, 0) as decimal(18, 4)
    ) as platform_discount_amount,
    cast(coalesce(sales.unexplained_amount, 0) as decimal(18, 4)) as unexplained_amount,
    cast(coalesce(sales.goods_amount, 0) as decimal(18, 4)) as goods_amount,
    cast(coalesce(sales.shipping_amount, 0) as decimal(18, 4)) as shipping_amount,
    cast(coalesce(sales.tax_amount, 0) as decimal(18, 4)) as tax_amount,
    cast(coalesce(sales.other_amount, 0) as decimal(18, 4)) as other_amount,
    cast(coalesce(sales.paid_amount, 0) as decimal(18, 4)) as paid_amount,
    cast(
        coalesce(refund_days.refunded_amount, 0) as decimal(18, 4)
    ) as refunded_amount,
    cast(
        coalesce(refund_days.goods_refunded_amount, 0) as decimal(18, 4)
    ) as goods_refunded_amount,
    cast(
        coalesce(sales.refunded_later_amount, 0) as decimal(18, 4)
    ) as refunded_later_amount,
    cast(
        coalesce(sales.goods_refunded_later_amount, 0) as decimal(18, 4)
    ) as goods_refunded_later_amount,
    cast(coalesce(sales.net_amount, 0) as decimal(18, 4)) as net_amount,
    cast(
        coalesce(sales.platform_subsidy_amount, 0) as decimal(18, 4)
    ) as platform_subsidy_amount,
    cast(sales.costed_net_amount as decimal(18, 4)) as costed_net_amount,
    cast(sales.cost_amount as decimal(18, 4)) as cost_amount,
    cast(sales.margin_amount as decimal(18, 4)) as margin_amount,
    cast(sales.fee_amount as decimal(18, 4)) as fee_amount,
    cast(sales.contribution_amount as decimal(18, 4)) as contribution_amount
from sales
full outer join refund_days
    on
        sales.sales_on = refund_days.sales_on
        and sales.shop_id = refund_days.shop_id
        and sales.platform = refund_days.platform
