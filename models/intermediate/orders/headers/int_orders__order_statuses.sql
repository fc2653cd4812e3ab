-- One row per order, with its status and whether its own export states a refund. The
-- status is the most advanced status of its lines, else that of the header.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_orders'
) }}
-- depends_on: {{ ref('int_orders__changed_orders') }}
with orders as (select * from {{ needed(ref('stg_erp__orders')) }}),

lines as (select * from {{ needed(ref('stg_erp__order_lines')) }}),

line_statuses as (
    select
        order_key,
        case max(
            case status
                when 'completed' then 5
                when 'shipped' then 4
                when 'paid' then 3
                when 'unpaid' then 2
                else 1
            end
        )
            when 5 then 'completed'
            when 4 then 'shipped'
            when 3 then 'paid'
            when 2 then 'unpaid'
            else 'cancelled'
        end as status
    from lines
    where status is not null
    group by order_key
),

refunded_lines as (
    select order_key
    from lines
    where refund_status = 'success' or refunded_amount > 0
    group by order_key
)

select
    orders.order_key,
    coalesce(line_statuses.status, orders.status) as status,
    coalesce(orders.refund_status = 'success', false)
    or coalesce(orders.refunded_amount > 0, false)
    or refunded_lines.order_key is not null as is_refund_stated
from orders
left join line_statuses on orders.order_key = line_statuses.order_key
left join refunded_lines on orders.order_key = refunded_lines.order_key
