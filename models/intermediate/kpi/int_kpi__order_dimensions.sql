-- One row per order and dimension that it counts in: the shop as a whole, its platform
-- and the one shop.
with orders as (select * from {{ ref('orders') }}),

dimensions (dimension) as (
    values
    ('all'),
    ('platform'),
    ('shop')
)

select
    orders.order_key,
    dimensions.dimension,
    case dimensions.dimension
        when 'platform' then orders.platform
        when 'shop' then orders.shop_id
        else 'all'
    end as dimension_value,
    orders.customer_id,
    orders.ordered_on,
    orders.paid_on,
    orders.is_paid,
    orders.is_sale,
    orders.is_anonymous,
    orders.promotion_id,
    orders.product_count,
    orders.units_count,
    orders.paid_amount,
    orders.goods_amount,
    orders.refunded_amount,
    orders.net_amount,
    orders.margin_amount
from orders
cross join dimensions
