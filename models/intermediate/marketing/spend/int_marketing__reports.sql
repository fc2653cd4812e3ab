-- One row per ad report: the rows of one campaign and day that share level, split and
-- stated account. A report without an account takes the only account that other reports
-- of its campaign state.
with spend as (select * from {{ ref('stg_ads__daily_spend') }}),

levels as (select * from {{ ref('report_levels') }}),

accounts as (
    select
        source_system,
        shop_id,
        campaign_id,
        min(account_id) as account_id
    from spend
    where account_id <> '' and campaign_id <> ''
    group by source_system, shop_id, campaign_id
    having count(distinct account_id) = 1
)

select
    spend.source_system,
    spend.shop_id,
    coalesce(
        nullif(spend.account_id, ''), accounts.account_id, ''
    ) as account_id,
    spend.account_id as stated_account_id,
    spend.campaign_id,
    spend.spend_on,
    spend.report_level,
    spend.split_by,
    case when spend.segment = '' then 0 else 1 end as split_order,
    levels.preference,
    min(spend.currency) as currency,
    count(distinct spend.currency) as currency_count,
    count(*) as row_count,
    cast(sum(spend.spend_amount) as decimal(18, 4)) as spend_amount,
    max(spend.loaded_at) as loaded_at
from spend
left join levels on spend.report_level = levels.report_level
left join accounts
    on
        spend.source_system = accounts.source_system
        and spend.shop_id = accounts.shop_id
        and spend.campaign_id = accounts.campaign_id
group by
    spend.source_system,
    spend.shop_id,
    coalesce(nullif(spend.account_id, ''), accounts.account_id, ''),
    spend.account_id,
    spend.campaign_id,
    spend.spend_on,
    spend.report_level,
    spend.split_by,
    case when spend.segment = '' then 0 else 1 end,
    levels.preference
