-- One row per ad report with whether it counts, and why it does not or is not sure:
-- campaigns count where they add up to their account's total, else the larger total.
with reports as (select * from {{ ref('int_marketing__campaign_reports') }}),

policy as (select * from {{ ref('shop_policy') }}),

-- A total without an account may be that of any account.
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
),

compared as (
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
),

judged as (
    select
        reports.*,
        coalesce(of_account.counted, 'all') as counted,
        coalesce(of_account.counted, '') = 'unknown'
        or coalesce(of_no_account.counted, '') = 'unknown' as is_unknown
    from reports
    left join compared as of_account
        on
            reports.source_system = of_account.source_system
            and reports.shop_id = of_account.shop_id
            and reports.account_id = of_account.account_id
            and reports.spend_on = of_account.spend_on
    left join compared as of_no_account
        on
            reports.source_system = of_no_account.source_system
            and reports.shop_id = of_no_account.shop_id
            and of_no_account.account_id = ''
            and reports.spend_on = of_no_account.spend_on
)

select
    source_system,
    shop_id,
    account_id,
    stated_account_id,
    campaign_id,
    spend_on,
    report_level,
    split_by,
    split_order,
    currency,
    row_count,
    spend_amount,
    is_best
    and case
        when campaign_id = '' then counted in ('all', 'total')
        else counted <> 'total'
    end as is_counted,
    case
        when has_conflict then 'two reports of a campaign differ'
        when is_unknown then 'reports of an account and of its campaigns differ'
    end as gap
from judged
