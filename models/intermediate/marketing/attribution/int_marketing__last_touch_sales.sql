-- One row per payment day, shop and campaign or channel, with the sales that the last
-- touch attributes to it. The tag of a session leads to a campaign only if no other
-- campaign uses it.
with touches as (select * from {{ ref('int_marketing__order_touches') }}),

tagged_campaigns as (select * from {{ ref('int_marketing__tagged_campaigns') }})

select
    touches.paid_on as marketing_on,
    coalesce(tagged.shop_id, touches.shop_id) as shop_id,
    coalesce(tagged.ad_platform, 'none') as ad_platform,
    coalesce(tagged.channel, touches.last_touch_channel) as channel,
    coalesce(tagged.account_id, '') as account_id,
    coalesce(tagged.campaign_id, '') as campaign_id,
    max(tagged.campaign_name) as campaign_name,
    count(*) as last_touch_orders,
    cast(sum(touches.net_amount) as decimal(18, 4)) as last_touch_net_amount,
    -- DuckDB's count_if returns NULL, not 0, if no order has a known customer.
    count(*) filter (where touches.is_first_order) as last_touch_new_customers
from touches
left join tagged_campaigns as tagged
    on touches.last_touch_utm_campaign = tagged.utm_campaign
group by
    touches.paid_on,
    coalesce(tagged.shop_id, touches.shop_id),
    coalesce(tagged.ad_platform, 'none'),
    coalesce(tagged.channel, touches.last_touch_channel),
    coalesce(tagged.account_id, ''),
    coalesce(tagged.campaign_id, '')
