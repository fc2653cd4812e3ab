-- One row per stock, product and day in reach of its stock, with the units sold on the
-- day, in the demand window and in the longer window of slow products up to the day. A
-- window that the orders do not cover is NULL.
with demand as (select * from {{ ref('int_stock__demand_totals') }}),

policy as (select * from {{ ref('stock_policy') }}),

orders as (select * from {{ ref('int_orders__orders') }}),

-- Before the first order of the data, no sale means nothing.
order_bounds as (
    select min(paid_on) as first_paid_on
    from orders
    where is_sale
)

select
    demand.day_on,
    demand.stock_shop_id,
    demand.product_id,
    demand.sold_quantity,
    case
        when
            demand.day_on - cast(policy.demand_days as int)
            >= order_bounds.first_paid_on - 1
            then
                cast(
                    demand.sold_upto_quantity - earlier.sold_upto_quantity
                    as decimal(18, 4)
                )
    end as sold_recent_quantity,
    case
        when
            demand.day_on - cast(policy.unsold_days as int)
            >= order_bounds.first_paid_on - 1
            then
                cast(
                    demand.sold_upto_quantity - long_ago.sold_upto_quantity
                    as decimal(18, 4)
                )
    end as sold_long_quantity
from demand
cross join policy
cross join order_bounds
inner join demand as earlier
    on
        demand.stock_shop_id = earlier.stock_shop_id
        and demand.product_id = earlier.product_id
        and demand.day_on - cast(policy.demand_days as int) = earlier.day_on
inner join demand as long_ago
    on
        demand.stock_shop_id = long_ago.stock_shop_id
        and demand.product_id = long_ago.product_id
        and demand.day_on - cast(policy.unsold_days as int) = long_ago.day_on
