-- One row per goal and day from its start to its end or the last day of the data: where
-- it stands against its pace, where it is heading, and what it has cost.
with goals as (select * from {{ ref('int_goals__goals') }}),

standings as (select * from {{ ref('int_goals__standings') }}),

statuses as (select * from {{ ref('int_goals__statuses') }}),

-- For a share of something, a step of the gain is a percentage point.
spending as (
    select
        standings.goal_id,
        standings.progress_on,
        cast(standings.budget_used_amount as double)
        / nullif(cast(standings.budget_amount as double), 0) as budget_used_rate,
        case
            when standings.gain > 0
                then
                    cast(standings.budget_used_amount as double) / standings.gain
                    * case when goals.unit = 'rate' then 0.01 else 1 end
        end as cost_per_step
    from standings
    inner join goals on standings.goal_id = goals.goal_id
)

select
    standings.goal_id,
    standings.progress_on,
    standings.is_current,
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
    goals.starts_on,
    goals.ends_on as original_ends_on,
    standings.ends_on,
    goals.baseline,
    goals.target as original_target,
    standings.target,
    standings.revision_count,
    statuses.status,
    statuses.status_reason,
    standings.measured_on,
    {{ six_digits('standings.actual') }} as actual,
    {{ six_digits('standings.original_progress_rate') }}
        as original_progress_rate,
    {{ six_digits('standings.progress_rate') }} as progress_rate,
    {{ six_digits('standings.elapsed_rate') }} as elapsed_rate,
    {{ six_digits('standings.expected_linear') }} as expected_linear,
    {{ six_digits('standings.expected_seasonal') }} as expected_seasonal,
    {{ six_digits('standings.expected') }} as expected,
    standings.pace_basis,
    {{ six_digits('standings.pace_gap_rate') }} as pace_gap_rate,
    {{ six_digits('standings.forecast') }} as forecast,
    {{ six_digits('standings.forecast_low') }} as forecast_low,
    {{ six_digits('standings.forecast_high') }} as forecast_high,
    cast({{ rounded('standings.change_per_day', 9) }} as double) as change_per_day,
    statuses.needs_revision,
    goals.currency,
    standings.budget_amount,
    standings.budget_used_amount,
    {{ six_digits('spending.budget_used_rate') }} as budget_used_rate,
    {{ six_digits('standings.gain') }} as gain,
    {{ six_digits('spending.cost_per_step') }} as cost_per_step
from standings
inner join goals on standings.goal_id = goals.goal_id
inner join statuses
    on
        standings.goal_id = statuses.goal_id
        and standings.progress_on = statuses.progress_on
inner join spending
    on
        standings.goal_id = spending.goal_id
        and standings.progress_on = spending.progress_on
