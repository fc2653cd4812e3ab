-- One row per platform, shop and reason why orders are not sales, and one for the
-- sales, with the number of orders and the amounts paid and refunded.
with orders as (select * from {{ ref('int_orders__orders') }})

select
    platform,
    shop_id,
    coalesce(invalid_reason, 'sale') as reason,
    is_sale,
    count(*) as order_count,
    cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
    cast(sum(refunded_amount) as decimal(18, 4)) as refunded_amount,
    min(ordered_on) as first_order_on,
    max(ordered_on) as last_order_on
from orders
group by platform, shop_id, coalesce(invalid_reason, 'sale'), is_sale
