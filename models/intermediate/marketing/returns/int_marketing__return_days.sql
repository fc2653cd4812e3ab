-- One row per shop and day of its window, with orders, net sales and margin of the
-- orders placed on it, and the festival with the distance from its peak.
with windows as (select * from {{ ref('int_marketing__return_windows') }}),

orders as (select * from {{ ref('int_orders__daily_orders') }}),

festival_days as (select * from {{ ref('int_reference__festival_days') }}),

daily_orders as (
    select
        shop_id,
        sales_on,
        cast(sum(order_count) as bigint) as order_count,
        sum(net_amount) as net_amount,
        sum(costed_net_amount) as costed_net_amount,
        sum(margin_amount) as margin_amount
    from orders
    group by shop_id, sales_on
),

days as (
    select
        shop_id,
        {{ days_from_to('starts_on', 'ends_on') }} as day
    from windows
),

dated as (
    select
        shop_id,
        cast(day as date) as day_on
    from days
)

select
    dated.shop_id,
    dated.day_on,
    {{ days_between("date '1970-01-01'", 'dated.day_on') }} as day_number,
    coalesce(daily_orders.order_count, 0) as order_count,
    cast(coalesce(daily_orders.net_amount, 0) as decimal(18, 4)) as net_amount,
    cast(coalesce(daily_orders.costed_net_amount, 0) as decimal(18, 4))
        as costed_net_amount,
    cast(coalesce(daily_orders.margin_amount, 0) as decimal(18, 4)) as margin_amount,
    coalesce(
        festival_days.festival || ':' || cast(festival_days.days_after_peak as string),
        ''
    ) as festival_phase
from dated
left join daily_orders
    on
        dated.shop_id = daily_orders.shop_id
        and dated.day_on = daily_orders.sales_on
left join festival_days on dated.day_on = festival_days.day_on
