-- One row per sale of a shop whose visits are tracked, with its last non-direct touch
-- before the order: of the customer, or of the visitor who placed the order. A direct
-- touch counts only if there is no other.
{{ config(
    materialized='kept', key='order_key', keys_from='int_marketing__changed_orders'
) }}
-- depends_on: {{ ref('int_marketing__changed_orders') }}
with orders as (select * from {{ needed(ref('int_orders__orders')) }}),

touches as (select * from {{ ref('int_sessions__touches') }}),

events as (select * from {{ ref('int_sessions__events') }}),

tracked_shops as (select * from {{ ref('int_marketing__tracked_shops') }}),

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

sales as (
    select orders.*
    from orders
    inner join tracked_shops on orders.shop_id = tracked_shops.shop_id
    where orders.is_sale
),

candidates as (
    select
        sales.order_key,
        sales.ordered_at,
        touches.*
    from sales
    inner join touches on sales.customer_id = touches.customer_id
    union all
    select
        sales.order_key,
        sales.ordered_at,
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
),

ranked as (
    select
        candidates.*,
        row_number() over (
            partition by candidates.order_key
            order by
                case when candidates.channel = 'direct' then 1 else 0 end asc,
                candidates.touched_at desc,
                candidates.session_key asc
        ) as preference
    from candidates
    cross join policy
    where
        candidates.touched_at <= candidates.ordered_at
        and {{ seconds_between('candidates.touched_at', 'candidates.ordered_at') }}
        <= policy.touch_lookback_days * 86400
)

select
    sales.order_key,
    sales.shop_id,
    sales.paid_on,
    sales.customer_id,
    sales.is_first_order,
    sales.net_amount,
    coalesce(ranked.channel, 'unknown') as last_touch_channel,
    ranked.utm_campaign as last_touch_utm_campaign,
    ranked.touched_at as last_touch_at
from sales
left join ranked
    on sales.order_key = ranked.order_key and ranked.preference = 1
