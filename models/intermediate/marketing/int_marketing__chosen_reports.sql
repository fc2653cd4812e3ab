-- One row per reported entity and day of the one report level that counts for its
-- account and day, so that no money is added twice.
with spend as (select * from {{ ref('stg_ads__daily_spend') }}),

levels as (select * from {{ ref('report_levels') }}),

ranked as (
    select
        spend.*,
        rank() over (
            partition by
                spend.source_system, spend.shop_id, spend.account_id, spend.spend_on
            order by levels.preference nulls last, spend.report_level
        ) as level_rank,
        -- A total beside its own split by device or network would count twice.
        rank() over (
            partition by
                spend.source_system,
                spend.shop_id,
                spend.account_id,
                spend.spend_on,
                spend.report_level,
                spend.campaign_id,
                spend.ad_id
            order by case when spend.segment = '' then 0 else 1 end
        ) as segment_rank
    from spend
    left join levels on spend.report_level = levels.report_level
)

select
    source_system,
    shop_id,
    account_id,
    campaign_id,
    ad_id,
    segment,
    spend_on,
    report_level,
    ad_platform,
    currency,
    impressions,
    clicks,
    spend_amount,
    claimed_conversions,
    claimed_amount,
    claimed_new_customers
from ranked
where level_rank = 1 and segment_rank = 1
