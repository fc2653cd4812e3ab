-- One row per shop, place and day with at least one sale paid on it, with the amounts
-- of these sales. Sales without a place have an empty place id, so that the places of a
-- shop add up to its sales.
select
    day_on,
    shop_id,
    place_id,
    place_name,
    place_type,
    province,
    city,
    order_count,
    buyer_count,
    units_count,
    goods_amount,
    goods_refunded_amount,
    net_amount,
    margin_amount
from {{ ref('int_orders__place_sales') }}
