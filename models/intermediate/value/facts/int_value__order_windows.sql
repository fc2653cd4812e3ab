-- One row per customer and day on which the sums of its orders of the last year
-- change: on an order day, and when an order leaves the window.
{{ config(
    materialized='scoped', key='customer_id', scope_of='int_value__tag_intervals',
    keys_from='int_value__changed_customers'
) }}
-- depends_on: {{ ref('int_value__scope') }}
with orders as (select * from {{ ref('int_value__buyer_orders') }}),

policy as (select * from {{ ref('value_policy') }}),

days as (
    select
        orders.customer_id,
        orders.ordered_on as day_on,
        policy.order_window_days as window_days,
        cast(1 as bigint) as purchase_day_count,
        cast(count(*) as bigint) as order_count,
        count_if(orders.is_promoted) as promoted_count,
        count_if(orders.is_festival) as festival_count,
        count_if(orders.is_filled_up) as filled_up_count,
        count_if(orders.units_count > 1) as multi_unit_count,
        count_if(orders.product_count > 1) as multi_product_count,
        cast(count(orders.margin_amount) as bigint) as margin_known_count,
        sum(orders.list_amount) as list_amount,
        sum(orders.discount_amount) as discount_amount,
        sum(orders.net_amount) as net_amount,
        sum(coalesce(orders.margin_amount, 0)) as margin_amount
    from orders
    cross join policy
    group by orders.customer_id, orders.ordered_on, policy.order_window_days
)

{{ window_sums('days', [
    'purchase_day_count', 'order_count', 'promoted_count', 'festival_count',
    'filled_up_count', 'multi_unit_count', 'multi_product_count', 'margin_known_count',
    'list_amount', 'discount_amount', 'net_amount', 'margin_amount'
]) }}
