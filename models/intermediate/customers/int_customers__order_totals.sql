-- One row per customer with a sale, with the number, amounts and dates of its orders.
-- Credit notes of the customer without an order are deducted.
{{ config(
    materialized='kept', key='customer_id', keys_from='int_customers__changed_buyers'
) }}
-- depends_on: {{ ref('int_customers__changed_buyers') }}
with orders as (
    select * from {{ needed(ref('int_orders__orders')) }} where is_sale
),

credits as (select * from {{ ref('int_customers__credit_notes') }}),

totals as (
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
        sum(units_count) as units_count,
        sum(list_amount) as list_amount,
        sum(merchant_discount_amount) as merchant_discount_amount,
        sum(platform_discount_amount) as platform_discount_amount,
        sum(goods_amount) as goods_amount,
        sum(shipping_amount) as shipping_amount,
        sum(paid_amount) as paid_amount,
        sum(refunded_amount) as refunded_amount,
        sum(net_amount) as net_amount,
        sum(platform_subsidy_amount) as platform_subsidy_amount,
        {{ complete_sum('cost_amount') }} as cost_amount,
        {{ complete_sum('margin_amount') }} as margin_amount,
        {{ complete_sum('fee_amount') }} as fee_amount,
        {{ complete_sum('contribution_amount') }} as contribution_amount,
        max(net_amount) as largest_order_net_amount
    from orders
    group by customer_id
),

totals_with_credit_notes as (
    select
        totals.*,
        {{ zero_if_absent('credits.customer_id', 'credits.refunded_amount') }}
            as credit_amount,
        {{ zero_if_absent('credits.customer_id', 'credits.margin_lost_amount') }}
            as margin_lost_amount
    from totals
    left join credits on totals.customer_id = credits.customer_id
)

select
    customer_id,
    order_count,
    purchase_day_count,
    platform_count,
    promoted_order_count,
    refunded_order_count,
    fully_refunded_order_count,
    first_order_on,
    last_order_on,
    cast(units_count as decimal(18, 4)) as units_count,
    cast(list_amount as decimal(18, 4)) as list_amount,
    cast(merchant_discount_amount as decimal(18, 4)) as merchant_discount_amount,
    cast(platform_discount_amount as decimal(18, 4)) as platform_discount_amount,
    cast(goods_amount as decimal(18, 4)) as goods_amount,
    cast(shipping_amount as decimal(18, 4)) as shipping_amount,
    cast(paid_amount as decimal(18, 4)) as paid_amount,
    cast(refunded_amount + credit_amount as decimal(18, 4)) as refunded_amount,
    cast(net_amount - credit_amount as decimal(18, 4)) as net_amount,
    cast(platform_subsidy_amount as decimal(18, 4)) as platform_subsidy_amount,
    cast(cost_amount - (credit_amount - margin_lost_amount) as decimal(18, 4))
        as cost_amount,
    cast(margin_amount - margin_lost_amount as decimal(18, 4)) as margin_amount,
    fee_amount,
    cast(contribution_amount - margin_lost_amount as decimal(18, 4))
        as contribution_amount,
    largest_order_net_amount
from totals_with_credit_notes
