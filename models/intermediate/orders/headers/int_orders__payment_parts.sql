-- One row per order, with the paid amount, or the due amount of an unpaid order, split
-- into goods and shipping, tax and other, and with the discounts on goods.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_orders'
) }}
-- depends_on: {{ ref('int_orders__changed_orders') }}
with headers as (select * from {{ needed(ref('int_orders__order_headers')) }}),

line_sums as (select * from {{ needed(ref('int_orders__line_sums')) }}),

-- Other amounts are capped at the paid amount.
header_and_line_amounts as (
    select
        headers.*,
        headers.is_paid and headers.paid_amount is not null as has_payment,
        coalesce(line_sums.line_count, 0) as line_count,
        case when not line_sums.has_unpriced_lines then line_sums.list_amount end
            as lines_list_amount,
        case when line_sums.has_paid_lines then line_sums.goods_amount end
            as lines_goods_amount,
        line_sums.merchant_discount_amount as lines_merchant_discount_amount,
        line_sums.platform_discount_amount as lines_platform_discount_amount,
        greatest(
            least(
                greatest(headers.other_amount, coalesce(line_sums.other_amount, 0)),
                headers.paid_amount - headers.tax_amount
            ),
            0
        ) as other_paid_amount
    from headers
    left join line_sums on headers.order_key = line_sums.order_key
),

goods_and_shipping as (
    select
        *,
        paid_amount - tax_amount - other_paid_amount as goods_and_shipping_amount
    from header_and_line_amounts
),

-- A stated goods amount, with or without tax, determines the shipping paid.
fitted_goods as (
    select
        *,
        case
            when not has_payment then null
            when
                goods_amount between goods_and_shipping_amount - shipping_amount
                and goods_and_shipping_amount
                then goods_amount
            when
                goods_amount - tax_amount
                between goods_and_shipping_amount - shipping_amount
                and goods_and_shipping_amount
                then goods_amount - tax_amount
        end as goods_fitted_amount
    from goods_and_shipping
),

-- Shipping is capped at the paid amount.
paid_shipping as (
    select
        *,
        case
            when goods_fitted_amount is not null
                then goods_and_shipping_amount - goods_fitted_amount
            when has_payment
                then greatest(least(shipping_amount, goods_and_shipping_amount), 0)
            else shipping_amount
        end as shipping_paid_amount
    from fitted_goods
)

-- A header's discount includes the discounts of its lines and that on shipping.
select
    order_key,
    is_paid,
    has_payment,
    line_count,
    list_amount,
    goods_amount,
    lines_list_amount,
    lines_goods_amount,
    goods_and_shipping_amount,
    shipping_paid_amount,
    coalesce(
        shipping_amount - goods_and_shipping_amount + goods_fitted_amount, 0
    ) as shipping_discount_amount,
    greatest(
        merchant_discount_amount - least(
            merchant_discount_amount,
            coalesce(
                shipping_amount - goods_and_shipping_amount + goods_fitted_amount, 0
            )
        ),
        lines_merchant_discount_amount
    ) as merchant_discount_amount,
    greatest(
        platform_discount_amount, lines_platform_discount_amount
    ) as platform_discount_amount,
    tax_amount,
    other_paid_amount,
    outstanding_amount
from paid_shipping
