-- One row per customer and day on which the tag refund_tier may change. Refunded
-- share of the paid amount of the orders of the last 365 days that are at least 30
-- days old.
with orders as (select * from {{ ref('int_value__buyer_orders') }}),

policy as (select * from {{ ref('value_policy') }}),

days as (
    select
        orders.customer_id,
        orders.ordered_on + cast(policy.matured_days as int) as day_on,
        policy.order_window_days - policy.matured_days as window_days,
        cast(count(*) as bigint) as order_count,
        sum(orders.paid_amount) as paid_amount,
        sum(coalesce(orders.refunded_amount, 0)) as refunded_amount
    from orders
    cross join policy
    group by
        orders.customer_id, orders.ordered_on, policy.matured_days,
        policy.order_window_days
),

windows as (
    {{ window_sums('days', ['order_count', 'paid_amount', 'refunded_amount']) }}
)

select
    windows.customer_id,
    windows.changed_on as valid_from_on,
    case
        when windows.order_count = 0 then 'none'
        when
            windows.refunded_amount
            >= cast(policy.high_refund_share as decimal(9, 4)) * windows.paid_amount
            then 'high'
        when
            windows.refunded_amount
            >= cast(policy.low_refund_share as decimal(9, 4)) * windows.paid_amount
            then 'middle'
        else 'low'
    end as tag_value,
    'paid ' || cast(windows.paid_amount as string) || ', refunded '
    || cast(windows.refunded_amount as string) as evidence
from windows
cross join policy
