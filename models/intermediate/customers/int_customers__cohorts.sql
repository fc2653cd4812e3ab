-- One row per identified customer with a sale and cohort dimension: all, the platform
-- of the first order, the channel of its last touch, or the category of its most
-- expensive line.
with orders as (select * from {{ ref('int_orders__orders') }}),

first_orders as (select * from {{ ref('int_customers__first_orders') }}),

order_touches as (select * from {{ ref('int_marketing__order_touches') }}),

slices (dimension) as (
    values
    ('all'),
    ('platform'),
    ('channel'),
    ('category')
),

customers as (
    select
        customer_id,
        cast(date_trunc('month', min(ordered_on)) as date) as cohort_month_on
    from orders
    where is_sale and not is_anonymous
    group by customer_id
)

select
    customers.customer_id,
    customers.cohort_month_on,
    slices.dimension,
    case slices.dimension
        when 'platform' then coalesce(first_orders.first_platform, 'unknown')
        when 'channel' then coalesce(order_touches.last_touch_channel, 'unknown')
        when 'category' then coalesce(first_orders.first_category, 'unknown')
        else 'all'
    end as dimension_value
from customers
inner join first_orders on customers.customer_id = first_orders.customer_id
left join order_touches on first_orders.first_order_key = order_touches.order_key
cross join slices
