-- One row per sale and touch of its journey: the sessions of the customer, or of the
-- visitor who placed the order, within `touch_lookback_days` before the order and after
-- the customer's previous day with an order.
{{ config(
    materialized='kept', key='order_key', keys_from='int_marketing__changed_orders',
    records_changes=true
) }}
-- depends_on: {{ ref('int_marketing__changed_orders') }}
with sales as (
    select * from {{ needed(ref('int_orders__orders')) }}
    where is_sale
),

touches as (select * from {{ ref('int_sessions__touches') }}),

events as (select * from {{ ref('int_sessions__events') }}),

policy as (select * from {{ ref('web_policy') }}),

-- Deduplicated, because several events of a visitor may report the same order.
order_visitors as (
    select distinct
        shop_id,
        order_id,
        visitor_key
    from events
    where order_id is not null
),

-- A journey ends with the order. Orders of one day share their touches.
purchase_days as (
    select
        customer_id,
        ordered_on,
        lag(max(ordered_at)) over (
            partition by customer_id order by ordered_on
        ) as previous_ordered_at
    from {{ ref('int_orders__orders') }}
    where is_sale and not is_anonymous
    group by customer_id, ordered_on
),

candidates as (
    select
        sales.order_key,
        sales.ordered_at,
        purchase_days.previous_ordered_at,
        touches.*
    from sales
    inner join touches on sales.customer_id = touches.customer_id
    left join purchase_days
        on
            sales.customer_id = purchase_days.customer_id
            and sales.ordered_on = purchase_days.ordered_on
    union all
    select
        sales.order_key,
        sales.ordered_at,
        purchase_days.previous_ordered_at,
        touches.*
    from sales
    inner join order_visitors
        on
            sales.shop_id = order_visitors.shop_id
            and sales.order_id = order_visitors.order_id
    inner join touches
        on
            order_visitors.visitor_key = touches.visitor_key
            -- The visitor of an order without a buyer may have been logged in.
            and (touches.customer_id is null or sales.is_anonymous)
    left join purchase_days
        on
            sales.customer_id = purchase_days.customer_id
            and sales.ordered_on = purchase_days.ordered_on
)

select
    candidates.order_key,
    candidates.session_key,
    candidates.channel,
    candidates.utm_campaign,
    candidates.touched_at,
    row_number() over (
        partition by candidates.order_key
        order by candidates.touched_at, candidates.session_key
    ) as touch_number
from candidates
cross join policy
where
    candidates.touched_at <= candidates.ordered_at
    and {{ seconds_between('candidates.touched_at', 'candidates.ordered_at') }}
    <= policy.touch_lookback_days * 86400
    and (
        candidates.previous_ordered_at is null
        or candidates.touched_at > candidates.previous_ordered_at
    )
