-- One row per segment and month with an order of a member: orders of customers who
-- were members on the day before the order. An order does not make its buyer a
-- member first, so that a segment does not choose its own sales.
with periods as (select * from {{ ref('int_value__segment_periods') }}),

orders as (
    select * from {{ ref('int_orders__orders') }}
    where is_sale and not is_anonymous
)

select
    periods.segment_code,
    cast(date_trunc('month', orders.ordered_on) as date) as month_on,
    count(distinct orders.customer_id) as buyer_count,
    count(*) as order_count,
    cast(sum(orders.net_amount) as decimal(18, 4)) as net_amount,
    {{ complete_sum('orders.margin_amount') }} as margin_amount
from periods
inner join orders
    on
        periods.customer_id = orders.customer_id
        and periods.entered_on < orders.ordered_on
        and (periods.left_on is null or periods.left_on >= orders.ordered_on)
group by
    periods.segment_code, cast(date_trunc('month', orders.ordered_on) as date)
