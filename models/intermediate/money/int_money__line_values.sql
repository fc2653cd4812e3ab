-- One row per line of a known order with the money that the line itself states, in shop
-- currency; gifts are worth nothing, whatever price they carry.
with lines as (select * from {{ ref('stg_erp__order_lines') }}),

headers as (select * from {{ ref('int_money__order_headers') }}),

product_map as (select * from {{ ref('int_money__product_map') }}),

priced as (
    select
        lines.*,
        headers.fx_rate,
        coalesce(product_map.product_key, lines.product_key) as sold_product_key,
        coalesce(
            cast(lines.unit_cost * headers.fx_rate as decimal(18, 4)),
            product_map.unit_cost
        ) as cost_of_one,
        coalesce(lines.merchant_discount_amount, 0) as merchant_off,
        coalesce(lines.platform_discount_amount, 0) as platform_off,
        cast(lines.quantity * lines.unit_price as decimal(18, 4)) as list_value
    from lines
    inner join headers on lines.order_key = headers.order_key
    left join product_map on lines.product_key = product_map.quoted_product_key
),

valued as (
    select
        *,
        cast(
            coalesce(
                case when is_gift then 0 end,
                list_value,
                paid_amount + merchant_off + platform_off,
                0
            ) * fx_rate as decimal(18, 4)
        ) as list_amount,
        cast(
            case when is_gift then 0 else merchant_off end * fx_rate as decimal(18, 4)
        ) as merchant_discount_amount_in_shop,
        cast(
            case when is_gift then 0 else platform_off end * fx_rate as decimal(18, 4)
        ) as platform_discount_amount_in_shop,
        cast(
            coalesce(
                paid_amount,
                case when is_gift then 0 end,
                list_value - merchant_off - platform_off,
                0
            ) * fx_rate as decimal(18, 4)
        ) as goods_amount
    from priced
)

select
    line_key,
    order_key,
    sold_product_key as product_key,
    line_id,
    quantity,
    is_gift,
    paid_amount is not null as has_paid_amount,
    paid_amount is null and list_value is null and not is_gift as is_unpriced,
    cost_of_one as unit_cost,
    list_amount,
    merchant_discount_amount_in_shop as merchant_discount_amount,
    platform_discount_amount_in_shop as platform_discount_amount,
    goods_amount
from valued
