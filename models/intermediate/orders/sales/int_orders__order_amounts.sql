-- One row per order, with every step from list price to contribution. Amounts come from
-- its lines, or from its header if the export has no lines of the order.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_orders',
    records_changes=true
) }}
-- depends_on: {{ ref('int_orders__changed_orders') }}
with headers as (select * from {{ needed(ref('int_orders__order_headers')) }}),

totals as (select * from {{ needed(ref('int_orders__order_totals')) }}),

validity as (select * from {{ needed(ref('int_orders__order_validity')) }}),

costs as (select * from {{ needed(ref('int_orders__order_costs')) }}),

refunds as (select * from {{ needed(ref('int_orders__order_refunds')) }}),

sale_amounts as (
    select
        totals.*,
        headers.fx_rate,
        headers.paid_on,
        headers.status,
        validity.is_paid,
        validity.is_sale,
        validity.invalid_reason,
        refunds.first_refunded_on,
        coalesce(costs.product_count, 0) as product_count,
        coalesce(costs.units_count, 0) as units_count,
        coalesce(refunds.refund_count, 0) as refund_count,
        {{ zero_if_absent('refunds.order_key', 'refunds.refunded_amount') }}
            as refunded_amount,
        {{ zero_if_absent('refunds.order_key', 'refunds.goods_refunded_amount') }}
            as goods_refunded_amount,
        {{ zero_if_absent('refunds.order_key', 'refunds.shipping_refunded_amount') }}
            as shipping_refunded_amount,
        case
            when validity.is_sale
                then
                    totals.goods_amount
                    - {{ zero_if_absent(
                        'refunds.order_key', 'refunds.goods_refunded_amount'
                    ) }}
            else 0
        end as net_amount,
        case
            when validity.is_sale
                then coalesce(
                    costs.platform_subsidy_amount, totals.platform_discount_amount
                )
            else 0
        end as platform_subsidy_amount,
        case when validity.is_sale then costs.cost_amount else 0 end as cost_amount,
        case when validity.is_sale then headers.fee_amount else 0 end as fee_amount
    from totals
    inner join headers on totals.order_key = headers.order_key
    inner join validity on totals.order_key = validity.order_key
    left join costs on totals.order_key = costs.order_key
    left join refunds on totals.order_key = refunds.order_key
)

select
    order_key,
    status,
    fx_rate,
    is_paid,
    is_sale,
    invalid_reason,
    coalesce(
        is_sale and goods_amount > 0 and goods_refunded_amount >= goods_amount, false
    ) as is_fully_refunded,
    case when is_paid then paid_on end as paid_on,
    first_refunded_on,
    line_count,
    product_count,
    units_count,
    refund_count,
    list_amount,
    merchant_discount_amount,
    platform_discount_amount,
    unexplained_amount,
    goods_amount,
    shipping_amount,
    shipping_discount_amount,
    tax_amount,
    other_amount,
    paid_amount,
    outstanding_amount,
    refunded_amount,
    goods_refunded_amount,
    shipping_refunded_amount,
    cast(net_amount as decimal(18, 4)) as net_amount,
    platform_subsidy_amount,
    cost_amount,
    fee_amount,
    cast(
        net_amount + platform_subsidy_amount - cost_amount as decimal(18, 4)
    ) as margin_amount,
    cast(
        net_amount + platform_subsidy_amount - cost_amount - fee_amount
        as decimal(18, 4)
    ) as contribution_amount
from sale_amounts
