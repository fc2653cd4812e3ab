-- One row per campaign, day and currency with its spend in shop currency; spend of a
-- campaign that nobody described stays, spend without a rate is unknown.
with reports as (select * from {{ ref('int_marketing__chosen_reports') }}),

campaigns as (select * from {{ ref('stg_ads__campaigns') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

channel_map as (select * from {{ ref('int_sessions__channel_map') }}),

chosen as (
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
    chosen.spend_on,
    chosen.source_system,
    chosen.shop_id,
    chosen.account_id,
    chosen.campaign_id,
    chosen.report_level,
    chosen.currency as source_currency,
    coalesce(chosen.ad_platform, campaigns.ad_platform, 'unknown') as ad_platform,
    channel_map.channel,
    campaigns.campaign_name,
    campaigns.campaign_type,
    cast(chosen.impressions as bigint) as impressions,
    cast(chosen.clicks as bigint) as clicks,
    cast(chosen.source_spend_amount as decimal(18, 4)) as source_spend_amount,
    case
        when chosen.gap is null
            then {{ product('chosen.source_spend_amount', 'rates.rate') }}
    end as spend_amount,
    cast(chosen.claimed_conversions as decimal(18, 4)) as claimed_conversions,
    case
        when chosen.gap is null
            then {{ product('chosen.source_claimed_amount', 'rates.rate') }}
    end as claimed_amount,
    cast(chosen.claimed_new_customers as bigint) as claimed_new_customers,
    case
        when chosen.gap is not null then chosen.gap
        when rates.rate is null
            then 'no exchange rate: ' || chosen.currency
    end as spend_gap
from chosen
left join campaigns
    on
        chosen.source_system = campaigns.source_system
        and chosen.shop_id = campaigns.shop_id
        and chosen.account_id = campaigns.account_id
        and chosen.campaign_id = campaigns.campaign_id
left join channel_map
    on
        channel_map.evidence = 'ad_platform'
        and coalesce(chosen.ad_platform, campaigns.ad_platform, '')
        = channel_map.origin
        and coalesce(campaigns.campaign_type, '') = channel_map.medium
left join rates
    on
        chosen.currency = rates.from_currency
        and chosen.spend_on >= rates.valid_from
        and chosen.spend_on < rates.valid_to
