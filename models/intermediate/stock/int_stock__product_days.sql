-- One row per stock, product and day from its first count on, with stock, recent
-- demand, cover, and whether the product is sold out or slow. If nothing was sold in
-- the demand window, the longer window decides what is slow. A product is not slow in
-- its first days on sale.
with totals as (select * from {{ ref('int_stock__product_totals') }}),

demand as (select * from {{ ref('int_stock__demand_windows') }}),

products as (select * from {{ ref('int_stock__products') }}),

policy as (select * from {{ ref('stock_policy') }}),

stock_with_demand as (
    select
        totals.*,
        demand.sold_quantity,
        demand.sold_recent_quantity,
        demand.sold_long_quantity,
        products.launched_on,
        coalesce(products.is_active, true) as is_on_sale,
        policy.demand_days,
        policy.slow_cover_days,
        policy.unsold_days
    from totals
    inner join demand
        on
            totals.stock_shop_id = demand.stock_shop_id
            and totals.product_id = demand.product_id
            and totals.day_on = demand.day_on
    left join products
        on
            totals.stock_shop_id = products.stock_shop_id
            and totals.product_id = products.product_id
    cross join policy
),

covered as (
    select
        *,
        cast(sold_recent_quantity as double) / demand_days as demand_per_day,
        cast(
            case when available_quantity > 0 then available_quantity else 0 end
            as double
        ) * demand_days
        / nullif(cast(sold_recent_quantity as double), 0) as cover,
        cast(available_quantity as double) * unsold_days
        / nullif(cast(sold_long_quantity as double), 0) as long_cover
    from stock_with_demand
)

select
    day_on,
    stock_shop_id,
    product_id,
    on_hand_quantity,
    available_quantity,
    in_transit_quantity,
    value_amount,
    counted_on,
    stock_gap,
    sold_quantity,
    sold_recent_quantity,
    cast({{ rounded('demand_per_day', 4) }} as decimal(18, 4)) as daily_demand_quantity,
    case
        when available_quantity is not null
            then cast({{ rounded('cover', 2) }} as double)
    end as cover_days,
    is_on_sale,
    available_quantity <= 0 as is_sold_out,
    case
        when available_quantity is null or sold_long_quantity is null then null
        when available_quantity <= 0 then false
        when launched_on > day_on - cast(unsold_days as int) then false
        else coalesce(cover, long_cover, slow_cover_days + 1) > slow_cover_days
    end as is_slow
from covered
