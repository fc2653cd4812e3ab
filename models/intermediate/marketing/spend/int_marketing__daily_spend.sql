-- One row per campaign, ad platform, day and currency, with its spend in shop currency.
-- A campaign without master data is kept; spend without an exchange rate is NULL.
with reports as (select * from {{ ref('int_marketing__counted_spend') }}),

campaigns as (select * from {{ ref('stg_ads__campaigns') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

channel_map as (select * from {{ ref('int_sessions__channel_map') }}),

daily_sums as (
    select
        source_system,
        shop_id,
        account_id,
        campaign_id,
        ad_platform,
        report_level,
        currency,
        spend_on,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend_amount) as source_spend_amount,
        sum(claimed_conversions) as claimed_conversions,
        sum(claimed_amount) as source_claimed_amount,
        sum(claimed_new_customers) as claimed_new_customers,
        max(gap) as gap
    from reports
    group by all
)

select
    daily_sums.spend_on,
    daily_sums.source_system,
    daily_sums.shop_id,
    daily_sums.account_id,
    daily_sums.campaign_id,
    daily_sums.report_level,
    daily_sums.currency as source_currency,
    coalesce(daily_sums.ad_platform, campaigns.ad_platform, 'unknown') as ad_platform,
    channel_map.channel,
    campaigns.campaign_name,
    campaigns.campaign_type,
    cast(daily_sums.impressions as bigint) as impressions,
    cast(daily_sums.clicks as bigint) as clicks,
    cast(daily_sums.source_spend_amount as decimal(18, 4)) as source_spend_amount,
    case
        when daily_sums.gap is null
            then {{ product('daily_sums.source_spend_amount', 'rates.rate') }}
    end as spend_amount,
    cast(daily_sums.claimed_conversions as decimal(18, 4)) as claimed_conversions,
    case
        when daily_sums.gap is null
            then {{ product('daily_sums.source_claimed_amount', 'rates.rate') }}
    end as claimed_amount,
    cast(daily_sums.claimed_new_customers as bigint) as claimed_new_customers,
    case
        when daily_sums.gap is not null then daily_sums.gap
        when rates.rate is null
            then 'no exchange rate: ' || daily_sums.currency
    end as spend_gap
from daily_sums
left join campaigns
    on
        daily_sums.source_system = campaigns.source_system
        and daily_sums.shop_id = campaigns.shop_id
        and daily_sums.account_id = campaigns.account_id
        and daily_sums.campaign_id = campaigns.campaign_id
left join channel_map
    on
        channel_map.evidence = 'ad_platform'
        and coalesce(daily_sums.ad_platform, campaigns.ad_platform, '')
        = channel_map.origin
        and coalesce(campaigns.campaign_type, '') = channel_map.medium
left join rates
    on
        daily_sums.currency = rates.from_currency
        and daily_sums.spend_on >= rates.valid_from
        and daily_sums.spend_on < rates.valid_to
