-- The reports of the level with the best preference, straight from the source, sum to
-- the mart, per day; days on which some currency has no rate are unknown in both.
{{ config(meta={'dagster': {'ref': {'name': 'daily_marketing'}}}) }}
with reports as (
    select
        spend.*,
        levels.preference
    from {{ ref('stg_ads__daily_spend') }} as spend
    inner join {{ ref('report_levels') }} as levels
        on spend.report_level = levels.report_level
),

best as (
    select
        source_system,
        shop_id,
        account_id,
        spend_on,
        min(preference) as preference
    from reports
    group by source_system, shop_id, account_id, spend_on
),

chosen as (
    select
        reports.spend_on,
        reports.shop_id,
        sum({{ product('reports.spend_amount', 'rates.rate') }}) as spend_amount,
        count(*) - count(rates.rate) as unknown_count
    from reports
    inner join best
        on
            reports.source_system = best.source_system
            and reports.shop_id = best.shop_id
            and reports.account_id = best.account_id
            and reports.spend_on = best.spend_on
            and reports.preference = best.preference
    left join {{ ref('int_marketing__fx_rates') }} as rates
        on
            reports.currency = rates.from_currency
            and reports.spend_on >= rates.valid_from
            and reports.spend_on < rates.valid_to
    where
        reports.segment = ''
        or not exists (
            select 1
            from reports as totals
            where
                totals.segment = ''
                and totals.source_system = reports.source_system
                and totals.shop_id = reports.shop_id
                and totals.account_id = reports.account_id
                and totals.spend_on = reports.spend_on
                and totals.report_level = reports.report_level
                and totals.campaign_id = reports.campaign_id
                and totals.ad_id = reports.ad_id
        )
    group by reports.spend_on, reports.shop_id
),

mart as (
    select
        marketing_on,
        shop_id,
        sum(spend_amount) as spend_amount
    from {{ ref('daily_marketing') }}
    group by marketing_on, shop_id
)

select
    chosen.spend_on,
    chosen.shop_id,
    chosen.spend_amount as source_amount,
    mart.spend_amount as mart_amount
from chosen
left join mart
    on chosen.spend_on = mart.marketing_on and chosen.shop_id = mart.shop_id
where
    chosen.unknown_count = 0
    and abs(chosen.spend_amount - coalesce(mart.spend_amount, 0)) > 0.005
