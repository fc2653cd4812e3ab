-- One row per creative of an advertising account.
with source as (select * from {{ source('ads', 'creatives') }})

select
    source_system,
    shop_id,
    trim(account_id) as account_id,
    trim(creative_id) as creative_id,
    nullif(trim(ad_id), '') as ad_id,
    nullif(trim(campaign_id), '') as campaign_id,
    nullif(trim(creative_name), '') as creative_name,
    creative_format,
    nullif(trim(landing_product_id), '') as landing_product_id,
    updated_at
from source
