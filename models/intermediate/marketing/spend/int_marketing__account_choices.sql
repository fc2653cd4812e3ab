-- One row per account and day with both a total and campaigns, with which of them
-- counts: the campaigns if they add up to the total, else the total if it is larger,
-- else unknown.
with reports as (select * from {{ ref('int_marketing__campaign_reports') }}),

policy as (select * from {{ ref('shop_policy') }}),

-- A total without an account is compared with the campaigns of all accounts.
totals as (
    select
        source_system,
        shop_id,
        account_id,
        spend_on,
        min(currency) as currency,
        sum(spend_amount) as total_amount
    from reports
    where is_best and campaign_id = ''
    group by source_system, shop_id, account_id, spend_on
),

campaigns as (
    select
        totals.source_system,
        totals.shop_id,
        totals.account_id,
        totals.spend_on,
        sum(reports.spend_amount) as campaigns_amount,
        bool_or(reports.currency <> totals.currency) as has_other_currency
    from totals
    inner join reports
        on
            totals.source_system = reports.source_system
            and totals.shop_id = reports.shop_id
            and totals.spend_on = reports.spend_on
            and (totals.account_id = '' or totals.account_id = reports.account_id)
            and reports.campaign_id <> ''
            and reports.is_best
    group by
        totals.source_system, totals.shop_id, totals.account_id, totals.spend_on
)

select
    totals.source_system,
    totals.shop_id,
    totals.account_id,
    totals.spend_on,
    case
        when campaigns.has_other_currency then 'unknown'
        when
            cast(abs(totals.total_amount - campaigns.campaigns_amount) as double)
            <= policy.report_tolerance_rate * cast(
                greatest(totals.total_amount, campaigns.campaigns_amount) as double
            )
            then 'campaigns'
        when
            totals.account_id <> ''
            and totals.total_amount > campaigns.campaigns_amount
            then 'total'
        else 'unknown'
    end as counted
from totals
inner join campaigns
    on
        totals.source_system = campaigns.source_system
        and totals.shop_id = campaigns.shop_id
        and totals.account_id = campaigns.account_id
        and totals.spend_on = campaigns.spend_on
cross join policy
