-- One row per sale of a shop whose visits are tracked, with the last non-direct touch
-- of its journey. A direct touch counts only if there is no other.
{{ config(
    materialized='kept', key='order_key', keys_from='int_marketing__changed_orders'
) }}
-- depends_on: {{ ref('int_marketing__changed_orders') }}
with orders as (select * from {{ needed(ref('int_orders__orders')) }}),

order_sessions as (select * from {{ needed(ref('int_marketing__order_sessions')) }}),

tracked_shops as (select * from {{ ref('int_marketing__tracked_shops') }}),

ranked as (
    select
        *,
        row_number() over (
            partition by order_key
            order by
                case when channel = 'direct' then 1 else 0 end asc,
                touched_at desc,
                session_key asc
        ) as preference
    from order_sessions
)

select
    orders.order_key,
    orders.shop_id,
    orders.paid_on,
    orders.customer_id,
    orders.is_first_order,
    orders.net_amount,
    coalesce(ranked.channel, 'unknown') as last_touch_channel,
    ranked.utm_campaign as last_touch_utm_campaign,
    ranked.touched_at as last_touch_at
from orders
inner join tracked_shops on orders.shop_id = tracked_shops.shop_id
left join ranked
    on orders.order_key = ranked.order_key and ranked.preference = 1
where orders.is_sale
