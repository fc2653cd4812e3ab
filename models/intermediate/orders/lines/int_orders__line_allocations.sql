-- One row per order line, with the amounts that the line states plus its share of the
-- amounts that the order states beyond its lines.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_orders'
) }}
-- depends_on: {{ ref('int_orders__changed_orders') }}
with line_values as (select * from {{ needed(ref('int_orders__line_values')) }}),

line_sums as (select * from {{ needed(ref('int_orders__line_sums')) }}),

totals as (select * from {{ needed(ref('int_orders__order_totals')) }}),

headers as (select * from {{ needed(ref('int_orders__order_headers')) }}),

-- Shares are proportional to goods amounts, to units if no line has an amount, else
-- equal. Lines that are not goods have no share unless the order has no goods.
weighted_lines as (
    select
        line_values.line_key,
        line_values.order_key,
        line_values.is_goods,
        line_sums.line_count,
        case
            when not line_values.is_goods and line_sums.goods_line_count > 0 then 0
            when line_sums.positive_goods_amount > 0
                then greatest(line_values.goods_amount, 0)
            when line_sums.quantity > 0 then line_values.quantity
            else 1
        end as weight,
        case
            when line_sums.positive_goods_amount > 0
                then line_sums.positive_goods_amount
            when line_sums.quantity > 0 then line_sums.quantity
            when line_sums.goods_line_count > 0 then line_sums.goods_line_count
            else line_sums.line_count
        end as order_weight
    from line_values
    inner join line_sums on line_values.order_key = line_sums.order_key
),

cumulated_weights as (
    select
        *,
        sum(weight) over lines_upto as weight_upto,
        row_number() over lines_upto = line_count as is_last_line
    from weighted_lines
    window lines_upto as (
        partition by order_key order by case when is_goods then 1 else 0 end, line_key
        rows between unbounded preceding and current row
    )
),

allocation_bases as (
    select
        line_values.*,
        cumulated_weights.is_last_line,
        line_sums.is_in_cents,
        cast(cumulated_weights.weight_upto as double)
        / cast(cumulated_weights.order_weight as double) as share_upto,
        cast(cumulated_weights.weight_upto - cumulated_weights.weight as double)
        / cast(cumulated_weights.order_weight as double) as share_before,
        totals.list_amount - line_sums.list_amount as list_rest,
        totals.merchant_discount_amount
        - line_sums.merchant_discount_amount as merchant_rest,
        totals.platform_discount_amount
        - line_sums.platform_discount_amount as platform_rest,
        totals.goods_amount - line_sums.goods_amount as goods_rest,
        headers.fee_amount as order_fee_amount
    from line_values
    inner join cumulated_weights on line_values.line_key = cumulated_weights.line_key
    inner join line_sums on line_values.order_key = line_sums.order_key
    inner join totals on line_values.order_key = totals.order_key
    inner join headers on line_values.order_key = headers.order_key
)

select
    line_key,
    order_key,
    product_key,
    line_id,
    quantity,
    is_gift,
    line_kind,
    is_goods,
    unit_cost,
    cast(list_amount + {{ allocated('list_rest') }} as decimal(18, 4)) as list_amount,
    cast(
        merchant_discount_amount + {{ allocated('merchant_rest') }} as decimal(18, 4)
    ) as merchant_discount_amount,
    cast(
        platform_discount_amount + {{ allocated('platform_rest') }} as decimal(18, 4)
    ) as platform_discount_amount,
    cast(
        goods_amount + {{ allocated('goods_rest') }} as decimal(18, 4)
    ) as goods_amount,
    other_amount,
    {{ allocated('order_fee_amount') }} as fee_amount
from allocation_bases
