-- One row per order, with its final amounts. The paid amount is authoritative; the part
-- of the list price that neither discounts nor the payment explain is the unexplained
-- amount.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_orders'
) }}
-- depends_on: {{ ref('int_orders__changed_orders') }}
with parts as (select * from {{ needed(ref('int_orders__payment_parts')) }}),

list_amounts as (
    select
        *,
        coalesce(
            case when goods_amount is not null then lines_list_amount end,
            list_amount,
            lines_list_amount,
            goods_and_shipping_amount - shipping_paid_amount
            + merchant_discount_amount + platform_discount_amount
        ) as goods_list_amount
    from parts
),

due_amounts as (
    select
        *,
        coalesce(
            case
                when has_payment
                    then goods_and_shipping_amount - shipping_paid_amount
            end,
            case when is_paid then coalesce(goods_amount, lines_goods_amount) end,
            goods_list_amount - merchant_discount_amount
            - platform_discount_amount
        ) as goods_due_amount
    from list_amounts
),

-- Outstanding money is deducted from goods first, then shipping, tax and other.
goods_owed as (
    select
        *,
        least(outstanding_amount, greatest(goods_due_amount, 0)) as goods_owed_amount
    from due_amounts
),

goods_and_shipping_owed as (
    select
        *,
        least(
            outstanding_amount - goods_owed_amount, shipping_paid_amount
        ) as shipping_owed_amount
    from goods_owed
),

received_amounts as (
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
    from goods_and_shipping_owed
)

select
    order_key,
    line_count,
    cast(goods_list_amount as decimal(18, 4)) as list_amount,
    cast(merchant_discount_amount as decimal(18, 4)) as merchant_discount_amount,
    cast(platform_discount_amount as decimal(18, 4)) as platform_discount_amount,
    cast(
        goods_list_amount - merchant_discount_amount
        - platform_discount_amount - goods_received_amount as decimal(18, 4)
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
from received_amounts
