-- One row per shop and ad platform with a present spend: the daily spend that is
-- proposed for an unchanged total, the expected change per day with intervals, and the
-- running goal that the change serves. Platforms without an identified effect keep
-- their spend.
with proposals as (select * from {{ ref('int_marketing__budget_proposals') }}),

progress as (select * from {{ ref('int_goals__progress') }} where is_current),

policy as (select * from {{ ref('return_policy') }}),

goals as (
    select progress.*
    from progress
    cross join policy
    where
        progress.dimension = 'all'
        and {{ have_common_word('progress.kpi_code', 'policy.goal_kpi_codes') }}
),

goal_shops as (
    select
        proposals.shop_id as proposal_shop_id,
        proposals.ad_platform as proposal_platform,
        goals.goal_id,
        goals.en,
        goals.zh,
        goals.currency,
        goals.budget_amount - coalesce(goals.budget_used_amount, 0) as left_amount,
        row_number() over (
            partition by proposals.shop_id, proposals.ad_platform
            order by
                case when goals.budget_amount is null then 1 else 0 end,
                case when goals.shop_id = 'all' then 1 else 0 end,
                goals.ends_on, goals.goal_id
        ) as place
    from proposals
    cross join goals
    where
        goals.shop_id in (proposals.shop_id, 'all')
        and goals.starts_on <= proposals.ends_on
        and goals.ends_on >= proposals.ends_on
),

served as (select * from goal_shops where place = 1)

select
    proposals.shop_id,
    proposals.ad_platform,
    proposals.state,
    proposals.reason,
    proposals.budget_reason_en
    || case
        when proposals.return_state <> 'ok' then ': ' || proposals.return_reason_en
        else ''
    end as reason_en,
    proposals.budget_reason_zh
    || case
        when proposals.return_state <> 'ok' then '：' || proposals.return_reason_zh
        else ''
    end as reason_zh,
    cast({{ rounded('proposals.present_spend', 4) }} as decimal(18, 4))
        as present_spend_amount,
    cast({{ rounded('proposals.proposed_spend', 4) }} as decimal(18, 4))
        as proposed_spend_amount,
    {{ interval_columns('proposals', 'orders', 'proposals.changes', 'order_change') }},
    {{ interval_columns(
        'proposals', 'orders', 'proposals.changes * proposals.net_per_order',
        'net_amount_change', true
    ) }},
    {{ interval_columns(
        'proposals', 'orders', 'proposals.changes * proposals.margin_per_order',
        'margin_change', true
    ) }},
    {{ interval_columns(
        'proposals', 'total_value', 'proposals.changes', 'total_value_change', true
    ) }},
    served.goal_id,
    served.en as goal_en,
    served.zh as goal_zh,
    served.currency as goal_currency,
    cast(served.left_amount as decimal(18, 4)) as goal_budget_left_amount
from proposals
left join served
    on
        proposals.shop_id = served.proposal_shop_id
        and proposals.ad_platform = served.proposal_platform
