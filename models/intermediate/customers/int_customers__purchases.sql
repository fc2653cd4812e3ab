-- One row per customer, with its purchase figures. A customer without a sale has 0
-- orders and amounts of 0.
with identity as (select * from {{ ref('int_customers__identity') }}),

totals as (select * from {{ ref('int_customers__order_totals') }}),

first_order as (select * from {{ ref('int_customers__first_orders') }}),

preferences as (select * from {{ ref('int_customers__preferences') }})

select
    identity.customer_id,
    totals.first_order_on,
    first_order.first_order_key,
    first_order.first_platform,
    first_order.first_shop_id,
    first_order.first_sales_channel,
    first_order.first_promotion_id,
    first_order.first_category,
    first_order.first_order_net_amount,
    first_order.days_to_second_order,
    totals.last_order_on,
    coalesce(totals.order_count, 0) as order_count,
    coalesce(totals.purchase_day_count, 0) as purchase_day_count,
    coalesce(totals.platform_count, 0) as platform_count,
    coalesce(totals.promoted_order_count, 0) as promoted_order_count,
    coalesce(totals.refunded_order_count, 0) as refunded_order_count,
    coalesce(totals.fully_refunded_order_count, 0) as fully_refunded_order_count,
    coalesce(totals.units_count, 0) as units_count,
    coalesce(totals.list_amount, 0) as list_amount,
    coalesce(totals.merchant_discount_amount, 0) as merchant_discount_amount,
    coalesce(totals.platform_discount_amount, 0) as platform_discount_amount,
    coalesce(totals.goods_amount, 0) as goods_amount,
    coalesce(totals.shipping_amount, 0) as shipping_amount,
    coalesce(totals.paid_amount, 0) as paid_amount,
    coalesce(totals.refunded_amount, 0) as refunded_amount,
    coalesce(totals.net_amount, 0) as net_amount,
    coalesce(totals.platform_subsidy_amount, 0) as platform_subsidy_amount,
    case
        when totals.customer_id is null then 0 else totals.cost_amount
    end as cost_amount,
    case
        when totals.customer_id is null then 0 else totals.margin_amount
    end as margin_amount,
    case
        when totals.customer_id is null then 0 else totals.fee_amount
    end as fee_amount,
    case
        when totals.customer_id is null then 0 else totals.contribution_amount
    end as contribution_amount,
    totals.largest_order_net_amount,
    cast(totals.refunded_amount as double)
    / nullif(cast(totals.paid_amount as double), 0) as refund_rate,
    preferences.top_platform,
    preferences.top_sales_channel,
    preferences.top_category,
    coalesce(preferences.category_count, 0) as category_count
from identity
left join totals on identity.customer_id = totals.customer_id
left join first_order on identity.customer_id = first_order.customer_id
left join preferences on identity.customer_id = preferences.customer_id
