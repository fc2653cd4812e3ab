-- One row per order, with whether it counts as a sale and, if not, the first reason
-- that applies.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_orders'
) }}
-- depends_on: {{ ref('int_orders__changed_orders') }}
with headers as (select * from {{ needed(ref('int_orders__order_headers')) }}),

totals as (select * from {{ needed(ref('int_orders__order_totals')) }}),

policy as (select * from {{ ref('money_policy') }}),

order_types as (select * from {{ ref('order_types') }}),

line_values as (select * from {{ needed(ref('int_orders__line_values')) }}),

refunds as (select * from {{ needed(ref('int_orders__refund_amounts')) }}),

repeated_orders as (select * from {{ needed(ref('int_orders__repeated_orders')) }}),

-- A line or a refund may be in another currency than its order.
orders_without_rate as (
    select order_key
    from headers
    where is_paid and fx_rate is null
    union
    select order_key
    from line_values
    where goods_amount is null or other_amount is null
    union
    select order_key
    from refunds
    where is_success and refunded_amount is null
),

invalid_reasons as (
    select
        headers.order_key,
        headers.is_paid,
        case
            when not order_types.is_sale then headers.order_type
            when headers.is_paid and repeated_orders.order_key is not null
                then repeated_orders.invalid_reason
            when headers.is_paid and orders_without_rate.order_key is not null
                then 'no_fx_rate'
            when headers.is_paid and totals.goods_amount is null then 'zero_amount'
            when
                headers.is_paid
                and totals.goods_amount + totals.platform_discount_amount <= 0
                and totals.other_amount > 0
                then 'no_goods'
            when
                headers.is_paid
                and totals.goods_amount + totals.platform_discount_amount <= 0
                and not policy.counts_zero_orders
                then 'zero_amount'
            when headers.is_paid then null
            when headers.status = 'cancelled' then 'cancelled_before_payment'
            else 'unpaid'
        end as invalid_reason
    from headers
    inner join totals on headers.order_key = totals.order_key
    left join order_types on headers.order_type = order_types.order_type
    left join orders_without_rate
        on headers.order_key = orders_without_rate.order_key
    left join repeated_orders on headers.order_key = repeated_orders.order_key
    cross join policy
)

select
    order_key,
    is_paid,
    invalid_reason is null as is_sale,
    invalid_reason
from invalid_reasons
