-- One row per stock and product that is counted, on the last day of the data, with
-- cover, sell-through, days without stock, an estimate of missed sales, and the state.
with stock_days as (select * from {{ ref('int_stock__product_days') }}),

histories as (select * from {{ ref('int_stock__sold_out_days') }}),

demand as (select * from {{ ref('int_stock__demand') }}),

products as (select * from {{ ref('int_stock__products') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('stock_policy') }}),

product_days as (
    select
        *,
        cast(sold_recent_quantity as double) / nullif(
            cast(
                sold_recent_quantity
                + case
                    when on_hand_quantity >= 0 then on_hand_quantity
                    when on_hand_quantity < 0 then 0
                end as double
            ), 0
        ) as sell_through
    from stock_days
),

last_sales as (
    select
        demand.stock_shop_id,
        demand.product_id,
        max(demand.day_on) as last_sold_on
    from demand
    cross join as_of
    where demand.day_on <= as_of.as_of_on
    group by demand.stock_shop_id, demand.product_id
)

select
    today.stock_shop_id,
    today.product_id,
    products.product_name,
    products.category,
    today.day_on,
    today.counted_on,
    today.on_hand_quantity,
    today.available_quantity,
    today.in_transit_quantity,
    today.value_amount,
    today.sold_recent_quantity,
    today.daily_demand_quantity,
    today.cover_days,
    cast({{ rounded('today.sell_through', 6) }} as double) as sell_through_rate,
    last_sales.last_sold_on,
    histories.known_day_count,
    histories.sold_out_day_count,
    histories.recent_sold_out_day_count,
    cast({{ rounded('histories.missed', 2) }} as decimal(18, 4)) as missed_quantity,
    case
        when today.available_quantity is null then 'unknown'
        when today.is_sold_out then 'sold_out'
        when today.is_slow then 'slow'
        when today.cover_days < policy.short_cover_days then 'runs_out'
        else 'ok'
    end as state
from product_days as today
inner join as_of on today.day_on = as_of.as_of_on
inner join histories
    on
        today.stock_shop_id = histories.stock_shop_id
        and today.product_id = histories.product_id
cross join policy
left join products
    on
        today.stock_shop_id = products.stock_shop_id
        and today.product_id = products.product_id
left join last_sales
    on
        today.stock_shop_id = last_sales.stock_shop_id
        and today.product_id = last_sales.product_id
