-- One row per ad platform and campaign type that any report or campaign names.
with spend as (select * from {{ ref('stg_ads__daily_spend') }}),

campaigns as (select * from {{ ref('stg_ads__campaigns') }}),

named as (
    select
        coalesce(spend.ad_platform, campaigns.ad_platform, '') as ad_platform,
        coalesce(campaigns.campaign_type, '') as campaign_type
    from spend
    left join campaigns
        on
            spend.source_system = campaigns.source_system
            and spend.shop_id = campaigns.shop_id
            and spend.campaign_id = campaigns.campaign_id
    union all
    select
        coalesce(ad_platform, '') as ad_platform,
        coalesce(campaign_type, '') as campaign_type
    from campaigns
)

select
    ad_platform,
    campaign_type
from named
group by ad_platform, campaign_type
