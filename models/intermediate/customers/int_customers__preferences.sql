-- One row per customer with a sale, with the category bought most by units, and the
-- platform and sales channel used most by orders. Ties are broken alphabetically.
{{ config(
    materialized='kept', key='customer_id', keys_from='int_customers__changed_buyers',
    follows=['int_orders__order_lines']
) }}
-- depends_on: {{ ref('int_customers__changed_buyers') }}
with orders as (select * from {{ needed(ref('int_orders__orders')) }}),

lines as (select * from {{ needed(ref('int_orders__order_lines')) }}),

category_sums as (
    select
        customer_id,
        category,
        count(*) over (partition by customer_id) as category_count,
        row_number() over (
            partition by customer_id order by sum(quantity) desc, category
        ) as preference
    from lines
    where is_sale and not is_gift and category is not null
    group by customer_id, category
),

platform_sums as (
    select
        customer_id,
        platform,
        row_number() over (
            partition by customer_id order by count(*) desc, platform
        ) as preference
    from orders
    where is_sale
    group by customer_id, platform
),

channel_sums as (
    select
        customer_id,
        sales_channel,
        row_number() over (
            partition by customer_id order by count(*) desc, sales_channel
        ) as preference
    from orders
    where is_sale and sales_channel is not null
    group by customer_id, sales_channel
)

select
    platform_sums.customer_id,
    platform_sums.platform as top_platform,
    channel_sums.sales_channel as top_sales_channel,
    category_sums.category as top_category,
    coalesce(category_sums.category_count, 0) as category_count
from platform_sums
left join channel_sums
    on
        platform_sums.customer_id = channel_sums.customer_id
        and channel_sums.preference = 1
left join category_sums
    on
        platform_sums.customer_id = category_sums.customer_id
        and category_sums.preference = 1
where platform_sums.preference = 1
