-- One row per order and slice that it counts in: all shops together, whole and by
-- platform, way of selling, new or returning buyer; and each shop on its own.
with orders as (select * from {{ ref('int_orders__orders') }}),

scopes as (select * from {{ ref('int_kpi__scopes') }}),

slices (dimension) as (
    values
    ('all'),
    ('platform'),
    ('sales_channel'),
    ('customer_type')
)

select
    orders.order_key,
    scopes.scope_id as shop_id,
    slices.dimension,
    case slices.dimension
        when 'platform' then coalesce(orders.platform, 'unknown')
        when 'sales_channel' then coalesce(orders.sales_channel, 'unknown')
        when 'customer_type'
            then case
                when orders.is_anonymous then 'unknown'
                when orders.is_first_order then 'new'
                else 'returning'
            end
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
    orders.list_amount,
    orders.merchant_discount_amount,
    orders.paid_amount,
    orders.goods_amount,
    orders.refunded_amount,
    orders.net_amount,
    orders.margin_amount,
    orders.contribution_amount
from orders
cross join slices
inner join scopes
    on
        orders.shop_id = scopes.shop_id
        and contains(scopes.dimensions, ';' || slices.dimension || ';')
