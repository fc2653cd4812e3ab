-- One row per line of a known order with the money that the line itself states, in shop
-- currency; gifts are worth nothing, whatever price they carry. A line in a currency of
-- its own is converted at its own rate of the order's day.
with lines as (select * from {{ ref('stg_erp__order_lines') }}),

headers as (select * from {{ ref('int_money__order_headers') }}),

rates as (select * from {{ ref('int_marketing__fx_rates') }}),

product_map as (select * from {{ ref('int_money__product_map') }}),

priced as (
    select
        lines.*,
        case
            when lines.currency is null then headers.fx_rate
            else rates.rate
        end as fx_rate,
        coalesce(product_map.product_key, lines.product_key) as sold_product_key,
        product_map.unit_cost as catalogue_cost,
        coalesce(lines.merchant_discount_amount, 0) as merchant_off,
        coalesce(lines.platform_discount_amount, 0) as platform_off,
        {{ product('lines.quantity', 'lines.unit_price') }} as list_value
    from lines
    inner join headers on lines.order_key = headers.order_key
    left join product_map on lines.product_key = product_map.quoted_product_key
    left join rates
        on
            lines.currency = rates.from_currency
            and headers.ordered_on >= rates.valid_from
            and headers.ordered_on < rates.valid_to
),

valued as (
    select
        *,
        coalesce(
            case when is_gift then 0 end,
            list_value,
            paid_amount + merchant_off + platform_off,
            0
        ) as own_list_amount,
        case when is_gift then 0 else merchant_off end as own_merchant_discount_amount,
        case when is_gift then 0 else platform_off end as own_platform_discount_amount,
        coalesce(
            paid_amount,
            case when is_gift then 0 end,
            list_value - merchant_off - platform_off,
            0
        ) as own_goods_amount
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
    case
        when unit_cost is null then catalogue_cost
        else {{ product('unit_cost', 'fx_rate') }}
    end as unit_cost,
    {{ product('own_list_amount', 'fx_rate') }} as list_amount,
    {{ product(
        'own_merchant_discount_amount', 'fx_rate'
    ) }} as merchant_discount_amount,
    {{ product(
        'own_platform_discount_amount', 'fx_rate'
    ) }} as platform_discount_amount,
    {{ product('own_goods_amount', 'fx_rate') }} as goods_amount
from valued
