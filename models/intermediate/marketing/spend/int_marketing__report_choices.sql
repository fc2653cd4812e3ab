-- One row per ad report, with whether it counts, and the reason if the choice is
-- unsafe. Campaigns count if they add up to the total of their account, else the larger
-- total counts.
with reports as (select * from {{ ref('int_marketing__campaign_reports') }}),

account_choices as (select * from {{ ref('int_marketing__account_choices') }}),

report_decisions as (
    select
        reports.*,
        coalesce(of_account.counted, 'all') as counted,
        coalesce(of_account.counted, '') = 'unknown'
        or coalesce(of_no_account.counted, '') = 'unknown' as is_unknown
    from reports
    left join account_choices as of_account
        on
            reports.source_system = of_account.source_system
            and reports.shop_id = of_account.shop_id
            and reports.account_id = of_account.account_id
            and reports.spend_on = of_account.spend_on
    left join account_choices as of_no_account
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
from report_decisions
