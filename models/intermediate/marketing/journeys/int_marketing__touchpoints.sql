-- One row per sale and touch of its journey. A sale without a session has one touch:
-- the channel that handed out its coupon, else the channel that its platform states,
-- else `unknown`.
{{ config(materialized='view') }}
with sales as (
    select * from {{ ref('int_orders__orders') }}
    where is_sale
),

order_sessions as (select * from {{ ref('int_marketing__order_sessions') }}),

coupon_channels as (select * from {{ ref('int_marketing__coupon_channels') }}),

platform_channels as (select * from {{ ref('sales_channel_touches') }})

select
    sales.order_key,
    coalesce(order_sessions.touch_number, 1) as touch_number,
    coalesce(
        order_sessions.channel, coupon_channels.channel, platform_channels.channel,
        'unknown'
    ) as channel,
    order_sessions.utm_campaign,
    order_sessions.session_key,
    order_sessions.touched_at,
    case
        when order_sessions.order_key is not null then 'session'
        when coupon_channels.channel is not null then 'coupon'
        when platform_channels.channel is not null then 'platform'
        else 'none'
    end as evidence,
    sales.shop_id,
    sales.ordered_at,
    sales.paid_on
from sales
left join order_sessions on sales.order_key = order_sessions.order_key
left join coupon_channels on sales.order_key = coupon_channels.order_key
left join platform_channels on sales.sales_channel = platform_channels.sales_channel
