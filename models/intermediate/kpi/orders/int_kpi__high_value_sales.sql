-- One row per period and slice, with the sales of high-value products.
with lines as (select * from {{ ref('int_orders__order_lines') }}),

price_bands as (select * from {{ ref('int_kpi__price_bands') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

scopes as (select * from {{ ref('int_kpi__scopes') }}),

sold as (
    select
        lines.paid_on,
        scopes.scope_id as shop_id,
        scopes.dimension,
        {{ dimension_value('scopes.dimension', {
            'platform': 'lines.platform',
            'category': 'lines.category',
        }) }} as dimension_value,
        lines.goods_amount
    from lines
    inner join price_bands on lines.product_key = price_bands.product_key
    inner join scopes
        on
            lines.shop_id = scopes.shop_id
            and scopes.dimension in ('all', 'platform', 'category')
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
