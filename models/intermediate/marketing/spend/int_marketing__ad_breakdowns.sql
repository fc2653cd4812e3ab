-- One row per reported ad group, ad, creative, audience, keyword or product, split and
-- day, with its spend. It is a part of the spend that counts for the campaign, seen
-- from another side: rows of several levels or splits are never added to each other.
with spend as (select * from {{ ref('stg_ads__daily_spend') }}),

counted as (select * from {{ ref('int_marketing__daily_spend') }}),

creatives as (select * from {{ ref('stg_ads__creatives') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

-- A report names the creative itself, or the ad if the ad has one creative only.
creative_names as (
    select
        source_system,
        shop_id,
        account_id,
        'creative' as report_level,
        creative_id as entity_id,
        creative_name,
        creative_format,
        landing_product_id
    from creatives
    union all
    select
        source_system,
        shop_id,
        account_id,
        'ad' as report_level,
        ad_id as entity_id,
        min(creative_name) as creative_name,
        min(creative_format) as creative_format,
        min(landing_product_id) as landing_product_id
    from creatives
    where ad_id is not null
    group by source_system, shop_id, account_id, ad_id
    having count(*) = 1
),

campaign_days as (
    select
        source_system,
        shop_id,
        campaign_id,
        spend_on,
        {{ complete_sum('spend_amount') }} as spend_amount
    from counted
    where campaign_id <> ''
    group by source_system, shop_id, campaign_id, spend_on
)

select
    spend.spend_on as day_on,
    spend.source_system,
    spend.shop_id,
    spend.account_id,
    spend.campaign_id,
    spend.report_level,
    spend.ad_id as entity_id,
    spend.split_by,
    spend.segment,
    creative_names.creative_name as entity_name,
    creative_names.creative_format,
    creative_names.landing_product_id,
    spend.ad_platform,
    spend.impressions,
    spend.clicks,
    {{ product('spend.spend_amount', 'rates.rate') }} as spend_amount,
    spend.claimed_conversions,
    {{ product('spend.claimed_amount', 'rates.rate') }} as claimed_amount,
    cast({{ product('spend.spend_amount', 'rates.rate') }} as double)
    / nullif(cast(campaign_days.spend_amount as double), 0) as campaign_spend_rate
from spend
left join creative_names
    on
        spend.source_system = creative_names.source_system
        and spend.shop_id = creative_names.shop_id
        and spend.account_id = creative_names.account_id
        and spend.report_level = creative_names.report_level
        and spend.ad_id = creative_names.entity_id
left join campaign_days
    on
        spend.source_system = campaign_days.source_system
        and spend.shop_id = campaign_days.shop_id
        and spend.campaign_id = campaign_days.campaign_id
        and spend.spend_on = campaign_days.spend_on
left join rates
    on
        spend.currency = rates.from_currency
        and spend.spend_on >= rates.valid_from
        and spend.spend_on < rates.valid_to
where spend.report_level not in ('account', 'campaign') or spend.segment <> ''
