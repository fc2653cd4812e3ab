-- One row per stock, product and day from its first count on, with the stock of all
-- places. The total is NULL if the stock of one place is unknown.
with place_days as (select * from {{ ref('int_stock__place_days') }}),

products as (select * from {{ ref('int_stock__products') }}),

valued as (
    select
        place_days.*,
        {{ product('place_days.on_hand_quantity',
            'coalesce(place_days.unit_cost, products.unit_cost)') }} as value_amount
    from place_days
    left join products
        on
            place_days.stock_shop_id = products.stock_shop_id
            and place_days.product_id = products.product_id
)

select
    day_on,
    stock_shop_id,
    product_id,
    count(*) as place_count,
    {{ complete_sum('on_hand_quantity') }} as on_hand_quantity,
    {{ complete_sum('available_quantity') }} as available_quantity,
    cast(sum(in_transit_quantity) as decimal(18, 4)) as in_transit_quantity,
    {{ complete_sum('value_amount') }} as value_amount,
    max(counted_on) as counted_on,
    max(stock_gap) as stock_gap
from valued
group by day_on, stock_shop_id, product_id
