-- One row per campaign with its latest description from the ad platform.
with source as (select * from {{ source('ads', 'campaigns') }})

select
    md5(
        source_system || '|' || shop_id || '|' || account_id || '|' || campaign_id
    ) as campaign_key,
    source_system,
    shop_id,
    account_id,
    campaign_id,
    nullif(trim(campaign_name), '') as campaign_name,
    nullif(lower(trim(ad_platform)), '') as ad_platform,
    nullif(lower(trim(campaign_type)), '') as campaign_type,
    nullif(lower(trim(utm_campaign)), '') as utm_campaign,
    status,
    starts_on,
    ends_on,
    updated_at
from source
