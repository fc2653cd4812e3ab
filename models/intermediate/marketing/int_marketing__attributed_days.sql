-- One row per day, shop and campaign or channel with the sales that a last touch gives
-- it; a visit's tag leads to its campaign where only one campaign uses it.
with touches as (select * from {{ ref('int_marketing__order_touches') }}),

campaigns as (select * from {{ ref('int_marketing__tagged_campaigns') }})

select
    touches.paid_on as marketing_on,
    coalesce(campaigns.shop_id, touches.shop_id) as shop_id,
    coalesce(campaigns.ad_platform, 'none') as ad_platform,
    coalesce(campaigns.channel, touches.last_touch_channel) as channel,
    coalesce(campaigns.account_id, '') as account_id,
    coalesce(campaigns.campaign_id, '') as campaign_id,
    max(campaigns.campaign_name) as campaign_name,
    count(*) as last_touch_orders,
    cast(sum(touches.net_amount) as decimal(18, 4)) as last_touch_net_amount,
    -- DuckDB's count_if is NULL, not 0, where no order has a known customer.
    count(*) filter (where touches.is_first_order) as last_touch_new_customers
from touches
left join campaigns
    on touches.last_touch_utm_campaign = campaigns.utm_campaign
group by
    touches.paid_on,
    coalesce(campaigns.shop_id, touches.shop_id),
    coalesce(campaigns.ad_platform, 'none'),
    coalesce(campaigns.channel, touches.last_touch_channel),
    coalesce(campaigns.account_id, ''),
    coalesce(campaigns.campaign_id, '')
