-- One row per line of a known order, with the amounts that the line itself states, in
-- shop currency, at the rate of the line's own currency on the order's day. Gifts have
-- list price 0; lines that are no goods (a tip) are other amounts.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_orders',
    follows=['int_orders__line_kinds']
) }}
-- depends_on: {{ ref('int_orders__changed_orders') }}
with lines as (select * from {{ needed(ref('stg_erp__order_lines')) }}),

headers as (select * from {{ needed(ref('int_orders__order_headers')) }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

product_map as (select * from {{ ref('int_orders__product_map') }}),

cost_periods as (select * from {{ ref('int_orders__product_cost_periods') }}),

named_kinds as (select * from {{ ref('int_orders__line_kinds') }}),

kinds as (select * from {{ ref('line_kinds') }}),

stated_lines as (
    select
        lines.*,
        kinds.line_kind as resolved_line_kind,
        kinds.is_goods,
        case when lines.currency is null then headers.fx_rate else rates.rate end
            as fx_rate,
        coalesce(product_map.product_key, lines.product_key) as resolved_product_key,
        coalesce(cost_periods.unit_cost, product_map.unit_cost) as catalogue_cost,
        coalesce(lines.merchant_discount_amount, 0) as merchant_off,
        coalesce(lines.platform_discount_amount, 0) as platform_off,
        {{ product('lines.quantity', 'lines.unit_price') }} as stated_list_amount
    from lines
    inner join headers on lines.order_key = headers.order_key
    left join product_map on lines.product_key = product_map.quoted_product_key
    left join cost_periods
        on
            lines.product_key = cost_periods.quoted_product_key
            and headers.ordered_on >= cost_periods.valid_from
            and headers.ordered_on < cost_periods.valid_to
    left join named_kinds on lines.product_name = named_kinds.product_name
    inner join kinds
        on
            coalesce(lines.line_kind, named_kinds.line_kind, 'goods') = kinds.line_kind
    left join rates
        on
            lines.currency = rates.from_currency
            and headers.ordered_on >= rates.valid_from
            and headers.ordered_on < rates.valid_to
),

own_amounts as (
    select
        *,
        coalesce(
            case when is_gift then 0 end,
            stated_list_amount,
            paid_amount + merchant_off + platform_off,
            0
        ) as own_list_amount,
        case when is_gift then 0 else merchant_off end as own_merchant_amount,
        case when is_gift then 0 else platform_off end as own_platform_amount,
        coalesce(
            paid_amount,
            case when is_gift then 0 end,
            stated_list_amount - merchant_off - platform_off,
            0
        ) as own_amount
    from stated_lines
)

select
    line_key,
    order_key,
    resolved_product_key as product_key,
    line_id,
    quantity,
    is_gift,
    resolved_line_kind as line_kind,
    is_goods,
    is_goods and paid_amount is not null as has_paid_amount,
    is_goods
    and paid_amount is null
    and stated_list_amount is null
    and not is_gift as is_unpriced,
    case
        when unit_cost is null then catalogue_cost
        else {{ product('unit_cost', 'fx_rate') }}
    end as unit_cost,
    case when is_goods then {{ product('own_list_amount', 'fx_rate') }} else 0 end
        as list_amount,
    case
        when is_goods then {{ product('own_merchant_amount', 'fx_rate') }} else 0
    end as merchant_discount_amount,
    case
        when is_goods then {{ product('own_platform_amount', 'fx_rate') }} else 0
    end as platform_discount_amount,
    case when is_goods then {{ product('own_amount', 'fx_rate') }} else 0 end
        as goods_amount,
    case when is_goods then 0 else {{ product('own_amount', 'fx_rate') }} end
        as other_amount
from own_amounts
