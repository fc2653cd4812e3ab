-- One row per stock, product and day from its first count on, with the stock of all
-- places, recent demand, cover, and whether the product is sold out or slow. If nothing
-- was sold in the demand window, the longer window decides what is slow. A product is
-- not slow in its first days on sale.
select
    day_on,
    stock_shop_id,
    product_id,
    on_hand_quantity,
    available_quantity,
    in_transit_quantity,
    value_amount,
    counted_on,
    sold_quantity,
    sold_recent_quantity,
    daily_demand_quantity,
    cover_days,
    is_on_sale,
    is_sold_out,
    is_slow,
    stock_gap as reason_en,
    {{ stock_reason_zh('stock_gap') }} as reason_zh
from {{ ref('int_stock__product_days') }}
