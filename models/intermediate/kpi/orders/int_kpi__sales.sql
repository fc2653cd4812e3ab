-- One row per period and slice, with the sales paid in it.
{{ config(
    materialized='kept', key='period_start_on', keys_from='int_kpi__changed_order_periods'
) }}
-- depends_on: {{ ref('int_kpi__changed_order_periods') }}
with orders as (select * from {{ ref('int_kpi__order_slices') }}),

calendar as (select * from {{ needed(ref('int_reference__period_days')) }})

select
    calendar.period,
    calendar.period_start_on,
    orders.shop_id,
    orders.dimension,
    orders.dimension_value,
    sum(orders.list_amount) as list_amount,
    sum(orders.merchant_discount_amount) as merchant_discount_amount,
    sum(orders.paid_amount) as paid_amount,
    sum(orders.goods_amount) as goods_amount,
    sum(orders.refunded_amount) as refunded_later_amount,
    sum(
        case when orders.margin_amount is not null then orders.net_amount end
    ) as costed_net_amount,
    sum(orders.margin_amount) as margin_amount,
    sum(
        case when orders.contribution_amount is not null then orders.net_amount end
    ) as contributing_net_amount,
    sum(orders.contribution_amount) as contribution_amount,
    sum(orders.units_count) as units_count,
    sum(orders.product_count) as product_count,
    count(*) as order_count,
    count_if(not orders.is_anonymous) as identified_order_count,
    -- Without any identified buyer the number of buyers is unknown.
    nullif(
        count(distinct case when not orders.is_anonymous then orders.customer_id end), 0
    ) as buyer_count,
    sum(
        case when not orders.is_anonymous then orders.paid_amount end
    ) as identified_paid_amount,
    count_if(orders.product_count >= 2) as multi_product_order_count,
    count(orders.promotion_id) as promoted_order_count
from orders
inner join calendar on orders.paid_on = calendar.day_on
where orders.is_sale
group by
    calendar.period, calendar.period_start_on, orders.shop_id, orders.dimension,
    orders.dimension_value
