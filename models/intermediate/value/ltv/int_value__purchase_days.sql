-- One row per identified customer and day with a sale, with the amounts of the sales of
-- the day. A sale counts on the day of its payment; days after the as-of day are
-- excluded.
with orders as (select * from {{ ref('int_orders__orders') }}),

refund_sources as (select * from {{ ref('int_orders__refund_sources') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

shops_without_refunds as (
    select shop_id
    from refund_sources
    where stated_by is null
    group by shop_id
),

days as (
    select
        orders.customer_id,
        orders.paid_on as purchased_on,
        cast(sum(orders.net_amount) as decimal(18, 4)) as net_amount,
        {{ complete_sum('orders.contribution_amount') }} as contribution_amount,
        bool_or(shops_without_refunds.shop_id is not null) as is_refund_unknown
    from orders
    cross join as_of
    left join shops_without_refunds on orders.shop_id = shops_without_refunds.shop_id
    where
        orders.is_sale
        and not orders.is_anonymous
        and orders.paid_on <= as_of.as_of_on
    group by orders.customer_id, orders.paid_on
),

numbered as (
    select
        *,
        min(purchased_on) over (partition by customer_id) as first_purchased_on,
        row_number() over (partition by customer_id order by purchased_on)
            as day_number,
        lag(purchased_on) over (partition by customer_id order by purchased_on)
            as previous_purchased_on
    from days
)

select
    customer_id,
    purchased_on,
    first_purchased_on,
    cast(day_number as bigint) as day_number,
    {{ days_between('previous_purchased_on', 'purchased_on') }} as gap_days,
    net_amount,
    contribution_amount,
    is_refund_unknown
from numbered
