-- One row per tag of sessions (`utm_campaign`) that exactly one campaign uses, with the
-- campaign.
with campaigns as (select * from {{ ref('stg_ads__campaigns') }}),

channel_map as (select * from {{ ref('int_sessions__channel_map') }}),

unique_tags as (
    select utm_campaign
    from campaigns
    where utm_campaign is not null
    group by utm_campaign
    having count(*) = 1
)

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
