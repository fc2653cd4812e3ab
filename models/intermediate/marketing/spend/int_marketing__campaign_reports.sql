-- One row per ad report, with whether it is the best of its campaign and day: the
-- preferred level, and a total before its split. A part may be less than its whole,
-- never more; two splits must agree unless the larger one is later.
with reports as (select * from {{ ref('int_marketing__reports') }}),

policy as (select * from {{ ref('shop_policy') }}),

ranked as (
    select
        *,
        row_number() over (
            partition by source_system, shop_id, account_id, campaign_id, spend_on
            order by
                preference asc nulls last,
                report_level asc,
                split_order asc,
                spend_amount desc,
                loaded_at desc,
                split_by asc,
                stated_account_id desc
        ) as report_rank
    from reports
),

compared as (
    select
        ranked.*,
        first_value(ranked.report_level) over campaign_day as best_level,
        first_value(ranked.split_order) over campaign_day as best_split_order,
        first_value(ranked.currency) over campaign_day as best_currency,
        first_value(ranked.spend_amount) over campaign_day as best_amount,
        first_value(ranked.loaded_at) over campaign_day as best_loaded_at
    from ranked
    window campaign_day as (
        partition by source_system, shop_id, account_id, campaign_id, spend_on
        order by report_rank
    )
),

marked_reports as (
    select
        compared.*,
        cast(abs(compared.spend_amount - compared.best_amount) as double)
        > policy.report_tolerance_rate
        * cast(greatest(compared.spend_amount, compared.best_amount) as double)
            as is_different
    from compared
    cross join policy
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
    preference,
    currency,
    row_count,
    spend_amount,
    report_rank = 1 as is_best,
    bool_or(
        currency <> best_currency
        or (is_different and spend_amount > best_amount)
        or (
            is_different
            and report_level = best_level
            and split_order = best_split_order
            and loaded_at >= best_loaded_at
        )
    ) over (
        partition by source_system, shop_id, account_id, campaign_id, spend_on
    ) as has_conflict
from marked_reports
