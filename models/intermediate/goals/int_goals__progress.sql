-- One row per goal and day from its start to its end or the last day of the data, with
-- actual value, required pace, forecast, status and budget used.
with goals as (select * from {{ ref('int_goals__goals') }}),

evaluations as (select * from {{ ref('int_goals__evaluations') }}),

statuses as (select * from {{ ref('int_goals__statuses') }}),

children as (select * from {{ ref('int_goals__child_goals') }}),

-- For rates, a step of the gain is one percentage point.
spending as (
    select
        evaluations.goal_id,
        evaluations.progress_on,
        cast(evaluations.budget_used_amount as double)
        / nullif(cast(evaluations.budget_amount as double), 0) as budget_used_rate,
        case
            when evaluations.gain > 0
                then
                    cast(evaluations.budget_used_amount as double) / evaluations.gain
                    * case when goals.unit = 'rate' then 0.01 else 1 end
        end as cost_per_step
    from evaluations
    inner join goals on evaluations.goal_id = goals.goal_id
)

select
    evaluations.goal_id,
    evaluations.progress_on,
    evaluations.is_current,
    goals.en,
    goals.zh,
    goals.kpi_code,
    goals.shop_id,
    goals.dimension,
    goals.dimension_value,
    goals.measured,
    goals.unit,
    case when goals.better_sign = 1 then 'higher' else 'lower' end as direction,
    goals.owners,
    goals.lever,
    goals.verified_by,
    goals.layer,
    goals.parent_goal_id,
    coalesce(children.child_goal_count, 0) as child_goal_count,
    coalesce(children.on_pace_count, 0) as children_on_pace_count,
    coalesce(children.at_risk_count, 0) as children_at_risk_count,
    goals.starts_on,
    goals.ends_on as original_ends_on,
    evaluations.ends_on,
    goals.baseline,
    goals.target as original_target,
    evaluations.target,
    evaluations.revision_count,
    statuses.status,
    statuses.status_reason,
    evaluations.measured_on,
    {{ six_digits('evaluations.actual') }} as actual,
    {{ six_digits('evaluations.original_progress_rate') }}
        as original_progress_rate,
    {{ six_digits('evaluations.progress_rate') }} as progress_rate,
    {{ six_digits('evaluations.elapsed_rate') }} as elapsed_rate,
    {{ six_digits('evaluations.expected_linear') }} as expected_linear,
    {{ six_digits('evaluations.expected_seasonal') }} as expected_seasonal,
    {{ six_digits('evaluations.expected') }} as expected,
    evaluations.pace_basis,
    {{ six_digits('evaluations.pace_gap_rate') }} as pace_gap_rate,
    {{ six_digits('evaluations.forecast') }} as forecast,
    {{ six_digits('evaluations.forecast_low') }} as forecast_low,
    {{ six_digits('evaluations.forecast_high') }} as forecast_high,
    cast({{ rounded('evaluations.change_per_day', 9) }} as double) as change_per_day,
    statuses.needs_revision,
    goals.currency,
    evaluations.budget_amount,
    evaluations.budget_used_amount,
    {{ six_digits('spending.budget_used_rate') }} as budget_used_rate,
    {{ six_digits('evaluations.gain') }} as gain,
    {{ six_digits('spending.cost_per_step') }} as cost_per_step
from evaluations
inner join goals on evaluations.goal_id = goals.goal_id
inner join statuses
    on
        evaluations.goal_id = statuses.goal_id
        and evaluations.progress_on = statuses.progress_on
inner join spending
    on
        evaluations.goal_id = spending.goal_id
        and evaluations.progress_on = spending.progress_on
left join children
    on
        evaluations.goal_id = children.goal_id
        and evaluations.progress_on = children.progress_on
