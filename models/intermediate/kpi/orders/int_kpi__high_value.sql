-- One row per period and slice of the money that goods of high value brought in it.
with lines as (select * from {{ ref('int_orders__order_lines') }}),

price_bands as (select * from {{ ref('int_kpi__price_bands') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

scopes as (select * from {{ ref('int_kpi__scopes') }}),

slices (dimension) as (
    values
    ('all'),
    ('platform'),
    ('category')
),

sold as (
    select
        lines.paid_on,
        scopes.scope_id as shop_id,
        slices.dimension,
        case slices.dimension
            when 'platform' then coalesce(lines.platform, 'unknown')
            when 'category' then coalesce(lines.category, 'unknown')
            else 'all'
        end as dimension_value,
        lines.goods_amount
    from lines
    inner join price_bands on lines.product_key = price_bands.product_key
    cross join slices
    inner join scopes
        on
            lines.shop_id = scopes.shop_id
            and contains(scopes.dimensions, ';' || slices.dimension || ';')
    where lines.is_sale and price_bands.is_high_value
)

select
    calendar.period,
    calendar.period_start_on,
    sold.shop_id,
    sold.dimension,
    sold.dimension_value,
    sum(sold.goods_amount) as high_value_goods_amount
from sold
inner join calendar on sold.paid_on = calendar.day_on
group by
    calendar.period, calendar.period_start_on, sold.shop_id, sold.dimension,
    sold.dimension_value
