-- One row per payment day, shop and campaign or channel, with the sales that the last
-- touch attributes to it. The tag of a session leads to a campaign only if no other
-- campaign uses it.
with touches as (select * from {{ ref('int_marketing__order_touches') }}),

campaigns as (select * from {{ ref('stg_ads__campaigns') }}),

channel_map as (select * from {{ ref('int_sessions__channel_map') }}),

-- A tag that several campaigns use identifies none of them.
unique_tags as (
    select utm_campaign
    from campaigns
    where utm_campaign is not null
    group by utm_campaign
    having count(*) = 1
),

tagged_campaigns as (
    select
        campaigns.utm_campaign,
        campaigns.shop_id,
        campaigns.account_id,
        campaigns.campaign_id,
        campaigns.campaign_name,
        coalesce(campaigns.ad_platform, 'unknown') as ad_platform,
        channel_map.channel
    from campaigns
    inner join unique_tags on campaigns.utm_campaign = unique_tags.utm_campaign
    left join channel_map
        on
            channel_map.evidence = 'ad_platform'
            and coalesce(campaigns.ad_platform, '') = channel_map.origin
            and coalesce(campaigns.campaign_type, '') = channel_map.medium
)

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
