-- One row per advertised entity and day of the report that counts for its campaign and
-- day, so that no spend counts twice, with the reason if the choice is unsafe.
with spend as (select * from {{ ref('stg_ads__daily_spend') }}),

choices as (select * from {{ ref('int_marketing__report_choices') }})

select
    spend.source_system,
    spend.shop_id,
    choices.account_id,
    spend.campaign_id,
    spend.ad_id,
    spend.segment,
    spend.spend_on,
    spend.report_level,
    spend.ad_platform,
    spend.currency,
    spend.impressions,
    spend.clicks,
    spend.spend_amount,
    spend.claimed_conversions,
    spend.claimed_amount,
    spend.claimed_new_customers,
    choices.gap
from spend
inner join choices
    on
        spend.source_system = choices.source_system
        and spend.shop_id = choices.shop_id
        and spend.account_id = choices.stated_account_id
        and spend.campaign_id = choices.campaign_id
        and spend.spend_on = choices.spend_on
        and spend.report_level = choices.report_level
        and spend.split_by = choices.split_by
        and case when spend.segment = '' then 0 else 1 end = choices.split_order
where choices.is_counted
