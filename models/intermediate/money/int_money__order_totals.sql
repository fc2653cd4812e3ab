-- One row per order with the amounts that hold for it: what the buyer paid is the
-- truth, list price and discounts have to explain it.
with headers as (select * from {{ ref('int_money__order_headers') }}),

line_sums as (select * from {{ ref('int_money__line_sums') }}),

stated as (
    select
        headers.*,
        headers.is_paid and headers.paid_amount is not null as has_payment,
        coalesce(line_sums.line_count, 0) as line_count,
        case
            when not line_sums.has_unpriced_lines then line_sums.list_amount
        end as lines_list_amount,
        case
            when line_sums.has_paid_lines then line_sums.goods_amount
        end as lines_goods_amount,
        line_sums.merchant_discount_amount as lines_merchant_discount_amount,
        line_sums.platform_discount_amount as lines_platform_discount_amount,
        greatest(
            headers.other_amount, coalesce(line_sums.other_amount, 0)
        ) as other_stated_amount
    from headers
    left join line_sums on headers.order_key = line_sums.order_key
),

-- Other money is never more than was paid.
bounded as (
    select
        *,
        case
            when has_payment
                then greatest(least(other_stated_amount, paid_amount - tax_amount), 0)
            else other_stated_amount
        end as other_paid_amount
    from stated
),

based as (
    select
        *,
        paid_amount - tax_amount - other_paid_amount as goods_and_shipping_amount
    from bounded
),

-- Stated goods, with or without their tax, say how much postage was really paid.
fitted as (
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
    from based
),

-- Postage is never more than was paid.
shipped as (
    select
        *,
        case
            when goods_fitted_amount is not null
                then goods_and_shipping_amount - goods_fitted_amount
            when has_payment
                then greatest(least(shipping_amount, goods_and_shipping_amount), 0)
            else shipping_amount
        end as shipping_paid_amount
    from fitted
),

-- A header's discount includes those of its lines, and that on postage.
discounted as (
    select
        *,
        case
            when goods_fitted_amount is null then 0
            else shipping_amount - shipping_paid_amount
        end as shipping_discount_amount,
        greatest(
            case
                when goods_fitted_amount is null then merchant_discount_amount
                else
                    merchant_discount_amount - least(
                        merchant_discount_amount, shipping_amount - shipping_paid_amount
                    )
            end,
            lines_merchant_discount_amount
        ) as goods_merchant_discount_amount,
        greatest(
            platform_discount_amount, lines_platform_discount_amount
        ) as goods_platform_discount_amount
    from shipped
),

listed as (
    select
        *,
        coalesce(
            case when goods_amount is not null then lines_list_amount end,
            list_amount,
            lines_list_amount,
            goods_and_shipping_amount - shipping_paid_amount
            + goods_merchant_discount_amount + goods_platform_discount_amount
        ) as goods_list_amount
    from discounted
),

valued as (
    select
        *,
        coalesce(
            case
                when has_payment
                    then goods_and_shipping_amount - shipping_paid_amount
            end,
            case when is_paid then coalesce(goods_amount, lines_goods_amount) end,
            goods_list_amount - goods_merchant_discount_amount
            - goods_platform_discount_amount
        ) as goods_due_amount
    from listed
),

-- What is still owed are goods first.
owed as (
    select
        *,
        least(outstanding_amount, greatest(goods_due_amount, 0)) as goods_owed_amount
    from valued
),

shipping_owed as (
    select
        *,
        least(
            outstanding_amount - goods_owed_amount, shipping_paid_amount
        ) as shipping_owed_amount
    from owed
),

received as (
    select
        *,
        goods_due_amount - goods_owed_amount as goods_received_amount,
        shipping_paid_amount - shipping_owed_amount as shipping_received_amount,
        tax_amount - least(
            outstanding_amount - goods_owed_amount - shipping_owed_amount, tax_amount
        ) as tax_received_amount,
        other_paid_amount - greatest(
            outstanding_amount - goods_owed_amount - shipping_owed_amount - tax_amount,
            0
        ) as other_received_amount
    from shipping_owed
)

select
    order_key,
    line_count,
    cast(goods_list_amount as decimal(18, 4)) as list_amount,
    cast(
        goods_merchant_discount_amount as decimal(18, 4)
    ) as merchant_discount_amount,
    cast(
        goods_platform_discount_amount as decimal(18, 4)
    ) as platform_discount_amount,
    cast(
        goods_list_amount - goods_merchant_discount_amount
        - goods_platform_discount_amount - goods_received_amount as decimal(18, 4)
    ) as unexplained_amount,
    cast(goods_received_amount as decimal(18, 4)) as goods_amount,
    cast(shipping_received_amount as decimal(18, 4)) as shipping_amount,
    cast(shipping_discount_amount as decimal(18, 4)) as shipping_discount_amount,
    cast(tax_received_amount as decimal(18, 4)) as tax_amount,
    cast(other_received_amount as decimal(18, 4)) as other_amount,
    cast(outstanding_amount as decimal(18, 4)) as outstanding_amount,
    cast(
        case
            when is_paid
                then
                    goods_received_amount + shipping_received_amount
                    + tax_received_amount + other_received_amount
            else 0
        end as decimal(18, 4)
    ) as paid_amount
from received
