-- One row per order with the amounts that hold for it: what the buyer paid is the
-- truth, list price and discounts have to explain it.
with headers as (select * from {{ ref('int_money__order_headers') }}),

line_sums as (select * from {{ ref('int_money__line_sums') }}),

-- A header's discount includes those of its lines; postage is never more than was paid.
settled as (
    select
        headers.order_key,
        headers.paid_amount - headers.tax_amount as paid_before_tax,
        coalesce(line_sums.line_count, 0) as line_count,
        case
            when not line_sums.has_unpriced_lines then line_sums.list_amount
        end as lines_list_amount,
        case
            when line_sums.has_paid_lines then line_sums.goods_amount
        end as lines_goods_amount,
        greatest(
            headers.merchant_discount_amount, line_sums.merchant_discount_amount
        ) as merchant_discount_amount,
        greatest(
            headers.platform_discount_amount, line_sums.platform_discount_amount
        ) as platform_discount_amount,
        case
            when headers.is_paid and headers.paid_amount is not null
                then greatest(
                    least(
                        headers.shipping_amount,
                        headers.paid_amount - headers.tax_amount
                    ),
                    0
                )
            else headers.shipping_amount
        end as shipping_amount
    from headers
    left join line_sums on headers.order_key = line_sums.order_key
),

listed as (
    select
        settled.*,
        coalesce(
            headers.list_amount,
            settled.lines_list_amount,
            settled.paid_before_tax - settled.shipping_amount
            + settled.merchant_discount_amount + settled.platform_discount_amount
        ) as list_amount,
        headers.is_paid,
        headers.tax_amount
    from settled
    inner join headers on settled.order_key = headers.order_key
),

valued as (
    select
        *,
        coalesce(
            case when is_paid then paid_before_tax - shipping_amount end,
            case when is_paid then lines_goods_amount end,
            list_amount - merchant_discount_amount - platform_discount_amount
        ) as goods_amount
    from listed
)

select
    order_key,
    line_count,
    cast(list_amount as decimal(18, 4)) as list_amount,
    cast(merchant_discount_amount as decimal(18, 4)) as merchant_discount_amount,
    cast(platform_discount_amount as decimal(18, 4)) as platform_discount_amount,
    cast(
        list_amount - merchant_discount_amount - platform_discount_amount
        - goods_amount as decimal(18, 4)
    ) as unexplained_amount,
    cast(goods_amount as decimal(18, 4)) as goods_amount,
    cast(shipping_amount as decimal(18, 4)) as shipping_amount,
    cast(tax_amount as decimal(18, 4)) as tax_amount,
    cast(
        case when is_paid then goods_amount + shipping_amount + tax_amount else 0 end
        as decimal(18, 4)
    ) as paid_amount
from valued
