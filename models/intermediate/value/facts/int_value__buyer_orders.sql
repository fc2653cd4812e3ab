-- One row per sale of an identified customer to tag, with what its tags are derived
-- from. Refunds reduce the amounts of the order on its own day.
{{ config(
    materialized='scoped', key='customer_id', scope_of='int_value__tag_intervals',
    keys_from='int_value__changed_customers'
) }}
-- depends_on: {{ ref('int_value__scope') }}
with orders as (
    select * from {{ needed(ref('int_orders__orders')) }}
    where is_sale and not is_anonymous
),

festival_days as (
    select * from {{ ref('int_reference__festival_days') }} where is_within
),

thresholds as (select * from {{ ref('int_value__promotion_thresholds') }}),

policy as (select * from {{ ref('value_policy') }})

select
    orders.order_key,
    orders.customer_id,
    orders.platform,
    orders.sales_channel,
    orders.city,
    orders.ordered_on,
    orders.ordered_at,
    orders.product_count,
    orders.units_count,
    orders.list_amount,
    orders.paid_amount,
    orders.refunded_amount,
    orders.net_amount,
    orders.margin_amount,
    orders.merchant_discount_amount + orders.platform_discount_amount
        as discount_amount,
    orders.promotion_id is not null as is_promoted,
    festival_days.day_on is not null as is_festival,
    coalesce(
        orders.list_amount >= thresholds.threshold_amount
        and orders.list_amount
        < thresholds.threshold_amount
        * (1 + cast(policy.filled_up_share as decimal(9, 4))), false
    ) as is_filled_up
from orders
cross join policy
left join festival_days on orders.ordered_on = festival_days.day_on
left join thresholds
    on
        orders.source_system = thresholds.source_system
        and orders.shop_id = thresholds.shop_id
        and orders.promotion_id = thresholds.promotion_id
