-- One row per product, place and day from its first count on. A count holds until the
-- next one, for at most the days of the policy; after that, the stock is NULL with the
-- reason. A day without a count is never a day without stock.
select
    day_on,
    source_system,
    stock_shop_id,
    place_id,
    product_id,
    counted_on,
    days_since_count,
    on_hand_quantity,
    available_quantity,
    reserved_quantity,
    in_transit_quantity,
    unit_cost,
    stock_gap as reason_en,
    {{ stock_reason_zh('stock_gap') }} as reason_zh
from {{ ref('int_stock__place_days') }}
