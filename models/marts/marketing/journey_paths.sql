-- One row per month and path of channels, with the orders and the lost journeys that
-- ended in it, and the share of orders.
select
    month_on,
    path,
    order_count,
    lost_count,
    cast(order_count as double) / (order_count + lost_count) as order_rate
from {{ ref('int_marketing__path_months') }}
