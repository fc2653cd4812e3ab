-- One row per line of a known order, with every step from list price to contribution.
-- Lines of orders that are not sales have net amount, cost and contribution 0.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_orders'
) }}
-- depends_on: {{ ref('int_orders__changed_orders') }}
with lines as (select * from {{ needed(ref('int_orders__line_allocations')) }}),

validity as (select * from {{ needed(ref('int_orders__order_validity')) }}),

line_refunds as (select * from {{ needed(ref('int_orders__line_refunds')) }}),

lines_with_refunds as (
    select
        lines.*,
        validity.is_sale,
        coalesce(line_refunds.returned_quantity, 0) as returned_quantity,
        {{ zero_if_absent(
            'line_refunds.line_key', 'line_refunds.goods_refunded_amount'
        ) }}
            as goods_refunded_amount
    from lines
    inner join validity on lines.order_key = validity.order_key
    left join line_refunds on lines.line_key = line_refunds.line_key
),

-- The platform reclaims its discount in proportion to the goods refunded.
sale_amounts as (
    select
        *,
        case when is_sale then goods_amount - goods_refunded_amount else 0 end as net,
        case
            when not is_sale or not is_goods then 0
            else {{ product('(quantity - returned_quantity)', 'unit_cost') }}
        end as cost,
        case
            when not is_sale then 0
            when goods_amount <= 0 then platform_discount_amount
            else
                platform_discount_amount * greatest(
                    1 - cast(goods_refunded_amount as double)
                    / cast(goods_amount as double),
                    0
                )
        end as subsidy,
        case when is_sale then fee_amount else 0 end as fee
    from lines_with_refunds
),

rounded_amounts as (
    select
        *,
        cast(net as decimal(18, 4)) as net_amount,
        cast(cost as decimal(18, 4)) as cost_amount,
        cast({{ rounded('subsidy', 2) }} as decimal(18, 4)) as platform_subsidy_amount,
        cast(fee as decimal(18, 4)) as sale_fee_amount
    from sale_amounts
)

select
    line_key,
    order_key,
    product_key,
    line_id,
    is_gift,
    line_kind,
    is_goods,
    is_sale,
    quantity,
    returned_quantity,
    unit_cost,
    list_amount,
    merchant_discount_amount,
    platform_discount_amount,
    cast(
        list_amount - merchant_discount_amount - platform_discount_amount
        - goods_amount as decimal(18, 4)
    ) as unexplained_amount,
    goods_amount,
    other_amount,
    cast(goods_refunded_amount as decimal(18, 4)) as goods_refunded_amount,
    net_amount,
    platform_subsidy_amount,
    cost_amount,
    sale_fee_amount as fee_amount,
    cast(
        net_amount + platform_subsidy_amount - cost_amount as decimal(18, 4)
    ) as margin_amount,
    cast(
        net_amount + platform_subsidy_amount - cost_amount - sale_fee_amount
        as decimal(18, 4)
    ) as contribution_amount
from rounded_amounts
