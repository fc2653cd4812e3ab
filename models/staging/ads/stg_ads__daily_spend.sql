-- One row per reported entity and day, at every level that was reported.
with source as (
    select
        *,
        -- Rows of before splits had names, whose names are known since.
        max(split_by) over (
            partition by
                source_system, shop_id, report_level, account_id, campaign_id, ad_id,
                segment, spend_on
        ) as known_split_by
    from {{ source('ads', 'daily_spend') }}
)

select
    source_system,
    shop_id,
    report_level,
    account_id,
    campaign_id,
    ad_id,
    segment,
    coalesce(split_by, '') as split_by,
    spend_on,
    nullif(lower(trim(ad_platform)), '') as ad_platform,
    coalesce(nullif(upper(trim(currency)), ''), '{{ shop_currency() }}') as currency,
    impressions,
    clicks,
    spend_amount,
    claimed_conversions,
    claimed_amount,
    claimed_new_customers,
    updated_at,
    _loaded_at as loaded_at
from source
where split_by is not null or known_split_by is null
