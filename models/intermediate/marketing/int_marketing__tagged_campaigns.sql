-- One row per utm_campaign that exactly one campaign uses, so that a visit's tag leads
-- to one campaign or to none.
with campaigns as (select * from {{ ref('stg_ads__campaigns') }}),

channel_map as (select * from {{ ref('int_sessions__channel_map') }}),

tagged as (
    select
        *,
        count(*) over (partition by utm_campaign) as campaign_count
    from campaigns
    where utm_campaign is not null
)

select
    tagged.utm_campaign,
    tagged.shop_id,
    tagged.account_id,
    tagged.campaign_id,
    tagged.campaign_name,
    coalesce(tagged.ad_platform, 'unknown') as ad_platform,
    channel_map.channel
from tagged
left join channel_map
    on
        channel_map.evidence = 'ad_platform'
        and coalesce(tagged.ad_platform, '') = channel_map.origin
        and coalesce(tagged.campaign_type, '') = channel_map.medium
where tagged.campaign_count = 1
