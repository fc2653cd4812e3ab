-- One row per product of the catalogue or of an order line, with its sales to date less
-- refunds and returns, including credit notes without an order.
select
    product_key,
    source_system,
    shop_id,
    product_id,
    product_name,
    category,
    subcategory,
    brand,
    is_in_catalogue,
    is_active,
    launched_on,
    list_price,
    unit_cost,
    order_count,
    buyer_count,
    units_count,
    units_returned_count,
    net_units_count,
    list_amount,
    goods_amount,
    goods_refunded_amount,
    net_amount,
    margin_amount,
    first_order_on,
    last_order_on
from {{ ref('int_orders__products') }}
