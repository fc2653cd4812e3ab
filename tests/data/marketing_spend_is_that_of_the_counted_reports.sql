-- The spend of the reports that count, computed from the source, is the spend of the
-- mart per day and shop. Days with unknown spend are excluded. Each campaign and day
-- has one report that counts.
{{ config(meta={'dagster': {'ref': {'name': 'daily_marketing'}}}) }}
with counted as (
    select
        day_on,
        shop_id,
        source_system,
        account_id,
        campaign_id,
        count(*) as report_count
    from {{ ref('ad_reports') }}
    where is_counted
    group by day_on, shop_id, source_system, account_id, campaign_id
),

reports as (
    select
        spend.source_system,
        spend.shop_id,
        spend.spend_on,
        sum({{ product('spend.spend_amount', 'rates.rate') }}) as spend_amount,
        count(*) - count(rates.rate) as unknown_count
    from {{ ref('stg_ads__daily_spend') }} as spend
    inner join {{ ref('ad_reports') }} as reports
        on
            spend.source_system = reports.source_system
            and spend.shop_id = reports.shop_id
            and spend.account_id = reports.stated_account_id
            and spend.campaign_id = reports.campaign_id
            and spend.spend_on = reports.day_on
            and spend.report_level = reports.report_level
            and spend.split_by = reports.split_by
            and reports.is_counted
            and reports.is_split = (spend.segment <> '')
    left join {{ ref('int_reference__fx_rates') }} as rates
        on
            spend.currency = rates.from_currency
            and spend.spend_on >= rates.valid_from
            and spend.spend_on < rates.valid_to
    group by spend.source_system, spend.shop_id, spend.spend_on
),

by_shop as (
    select
        shop_id,
        spend_on,
        sum(spend_amount) as spend_amount,
        sum(unknown_count) as unknown_count
    from reports
    group by shop_id, spend_on
),

mart as (
    select
        marketing_on,
        shop_id,
        sum(spend_amount) as spend_amount,
        max(spend_gap) as spend_gap
    from {{ ref('daily_marketing') }}
    group by marketing_on, shop_id
)

select
    by_shop.spend_on,
    by_shop.shop_id,
    by_shop.spend_amount as source_amount,
    mart.spend_amount as mart_amount
from by_shop
left join mart
    on by_shop.spend_on = mart.marketing_on and by_shop.shop_id = mart.shop_id
where
    by_shop.unknown_count = 0
    and mart.spend_gap is null
    and abs(by_shop.spend_amount - coalesce(mart.spend_amount, 0)) > 0.005
union all
select
    day_on,
    shop_id,
    null as source_amount,
    null as mart_amount
from counted
where report_count > 1
