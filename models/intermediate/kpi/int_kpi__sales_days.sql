-- One row per day and dimension of what was paid that day and what was refunded that
-- day, whatever the day of the order.
with orders as (select * from {{ ref('int_kpi__order_dimensions') }}),

refunds as (select * from {{ ref('refunds') }}),

sales as (
    select *
    from orders
    where is_sale
),

sold as (
    select
        paid_on as kpi_on,
        dimension,
        dimension_value,
        sum(paid_amount) as paid_amount,
        sum(goods_amount) as goods_amount,
        sum(refunded_amount) as refunded_later_amount,
        sum(
            case when margin_amount is not null then net_amount end
        ) as costed_net_amount,
        sum(margin_amount) as margin_amount,
        sum(units_count) as units_count,
        count(*) as order_count,
        count_if(not is_anonymous) as identified_order_count,
        count(distinct customer_id) as buyer_count,
        count_if(product_count >= 2) as multi_product_orders,
        count(promotion_id) as promoted_orders
    from sales
    group by paid_on, dimension, dimension_value
),

given_back as (
    select
        refunds.refunded_on as kpi_on,
        sales.dimension,
        sales.dimension_value,
        sum(refunds.refunded_amount) as refunded_amount,
        sum(refunds.goods_refunded_amount) as goods_refunded_amount
    from refunds
    inner join sales on refunds.order_key = sales.order_key
    where refunds.is_success
    group by refunds.refunded_on, sales.dimension, sales.dimension_value
)

select
    coalesce(sold.kpi_on, given_back.kpi_on) as kpi_on,
    coalesce(sold.dimension, given_back.dimension) as dimension,
    coalesce(sold.dimension_value, given_back.dimension_value) as dimension_value,
    coalesce(sold.paid_amount, 0) as paid_amount,
    coalesce(sold.goods_amount, 0) as goods_amount,
    coalesce(sold.goods_amount, 0)
    - coalesce(given_back.goods_refunded_amount, 0) as net_amount,
    coalesce(given_back.refunded_amount, 0) as refunded_amount,
    coalesce(sold.refunded_later_amount, 0) as refunded_later_amount,
    sold.costed_net_amount,
    sold.margin_amount,
    coalesce(sold.units_count, 0) as units_count,
    coalesce(sold.order_count, 0) as order_count,
    coalesce(sold.identified_order_count, 0) as identified_order_count,
    coalesce(sold.buyer_count, 0) as buyer_count,
    coalesce(sold.multi_product_orders, 0) as multi_product_orders,
    coalesce(sold.promoted_orders, 0) as promoted_orders
from sold
full outer join given_back
    on
        sold.kpi_on = given_back.kpi_on
        and sold.dimension = given_back.dimension
        and sold.dimension_value = given_back.dimension_value
