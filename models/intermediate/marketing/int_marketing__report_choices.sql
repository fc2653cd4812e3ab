-- One row per ad report with whether it counts, and why it does not or is not sure:
-- campaigns count where they add up to their account's total, else the larger total.
with reports as (select * from {{ ref('int_marketing__campaign_reports') }}),

compared as (select * from {{ ref('int_marketing__account_totals') }}),

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
