-- One row per reported entity and day, at every level that was reported.
with source as (select * from {{ source('ads', 'daily_spend') }})

select
    source_system,
    shop_id,
    report_level,
    account_id,
    campaign_id,
    ad_id,
    segment,
    spend_on,
    nullif(lower(trim(ad_platform)), '') as ad_platform,
    coalesce(nullif(upper(trim(currency)), ''), '{{ shop_currency() }}') as currency,
    impressions,
    clicks,
    spend_amount,
    claimed_conversions,
    claimed_amount,
    claimed_new_customers,
    updated_at
from source
