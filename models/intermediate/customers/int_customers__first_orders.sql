-- One row per customer with a sale, with the attributes of the first order and the days
-- until the second.
{{ config(
    materialized='kept', key='customer_id', keys_from='int_customers__changed_buyers',
    follows=['int_orders__order_lines']
) }}
-- depends_on: {{ ref('int_customers__changed_buyers') }}
with orders as (select * from {{ needed(ref('int_orders__orders')) }}),

lines as (select * from {{ needed(ref('int_orders__order_lines')) }}),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id order by ordered_at, order_key
        ) as rank_in_time
    from orders
    where is_sale
),

first_orders as (select * from ranked where rank_in_time = 1),

second_orders as (select * from ranked where rank_in_time = 2),

-- The most expensive line sets the category of the order.
first_lines as (
    select
        lines.order_key,
        lines.category,
        row_number() over (
            partition by lines.order_key
            order by lines.goods_amount desc, lines.line_key asc
        ) as preference
    from lines
    semi join first_orders on lines.order_key = first_orders.order_key
    where lines.category is not null and not lines.is_gift
)

select
    first_orders.customer_id,
    first_orders.order_key as first_order_key,
    first_orders.platform as first_platform,
    first_orders.shop_id as first_shop_id,
    first_orders.sales_channel as first_sales_channel,
    first_orders.promotion_id as first_promotion_id,
    first_lines.category as first_category,
    first_orders.net_amount as first_order_net_amount,
    {{ days_between('first_orders.ordered_on', 'second_orders.ordered_on') }}
        as days_to_second_order
from first_orders
left join second_orders on first_orders.customer_id = second_orders.customer_id
left join first_lines
    on first_orders.order_key = first_lines.order_key and first_lines.preference = 1
