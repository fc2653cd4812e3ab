-- One row per shop with a window: orders, and the mean net sales and margin of an
-- order. The margin is that of the orders whose cost is known, as a share of their net
-- sales.
with windows as (select * from {{ ref('int_marketing__return_windows') }}),

days as (select * from {{ ref('int_marketing__return_days') }}),

sums as (
    select
        shop_id,
        cast(sum(order_count) as bigint) as order_count,
        cast(sum(net_amount) as double) as net_amount,
        cast(sum(costed_net_amount) as double) as costed_net_amount,
        cast(sum(margin_amount) as double) as margin_amount
    from days
    group by shop_id
),

means as (
    select
        shop_id,
        order_count,
        net_amount / nullif(order_count, 0) as net_per_order,
        margin_amount / case when costed_net_amount > 0 then costed_net_amount end
            as margin_rate
    from sums
)

select
    windows.shop_id,
    windows.starts_on,
    windows.ends_on,
    windows.day_count,
    means.order_count,
    means.net_per_order,
    means.net_per_order * means.margin_rate as margin_per_order,
    -- The value by which returns are judged; 0 if it is unknown.
    coalesce(means.net_per_order * means.margin_rate, means.net_per_order, 0)
        as order_value,
    means.margin_rate is not null as has_margin
from windows
inner join means on windows.shop_id = means.shop_id
