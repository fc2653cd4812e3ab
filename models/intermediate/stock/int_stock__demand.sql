-- One row per stock, product and payment day, with the units that sales took from the
-- stock. Gifts are included, a bundle is replaced by its components, and returns are
-- not deducted, because whether they are sold again is not known.
with lines as (select * from {{ ref('int_orders__order_lines') }}),

pools as (select * from {{ ref('int_stock__pools') }}),

parts as (select * from {{ ref('int_stock__bundle_parts') }}),

sold_lines as (
    select
        shop_id,
        product_id,
        paid_on,
        sum(quantity) as quantity
    from lines
    where is_sale and line_kind = 'goods' and product_id is not null
    group by shop_id, product_id, paid_on
),

sold_units as (
    select
        sold_lines.shop_id,
        coalesce(parts.component_id, sold_lines.product_id) as product_id,
        sold_lines.paid_on,
        cast(
            sold_lines.quantity * coalesce(parts.quantity, 1) as decimal(18, 4)
        ) as quantity
    from sold_lines
    left join parts
        on
            sold_lines.shop_id = parts.shop_id
            and sold_lines.product_id = parts.bundle_id
            and sold_lines.paid_on between parts.valid_from and parts.valid_to
)

select
    pools.stock_shop_id,
    sold_units.product_id,
    sold_units.paid_on as day_on,
    cast(sum(sold_units.quantity) as decimal(18, 4)) as sold_quantity
from sold_units
inner join pools on sold_units.shop_id = pools.shop_id
group by pools.stock_shop_id, sold_units.product_id, sold_units.paid_on
