-- One row per goal and day from its start to its end or the last day of the data: where
-- it stands against its pace, where it is heading, and what it has cost.
with goals as (select * from {{ ref('int_goals__goals') }}),

standings as (select * from {{ ref('int_goals__standings') }}),

statuses as (select * from {{ ref('int_goals__statuses') }})

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
    standings.actual,
    standings.original_progress_rate,
    standings.progress_rate,
    standings.elapsed_rate,
    standings.expected_linear,
    standings.expected_seasonal,
    standings.expected,
    standings.pace_basis,
    standings.pace_gap_rate,
    standings.forecast,
    standings.forecast_low,
    standings.forecast_high,
    standings.change_per_day,
    statuses.needs_revision,
    goals.currency,
    standings.budget_amount,
    standings.budget_used_amount,
    cast(standings.budget_used_amount as double)
    / nullif(cast(standings.budget_amount as double), 0) as budget_used_rate,
    standings.gain,
    -- For a share of something, a step is a percentage point.
    case
        when standings.gain > 0
            then
                cast(standings.budget_used_amount as double) / standings.gain
                * case when goals.unit = 'rate' then 0.01 else 1 end
    end as cost_per_step
from standings
inner join goals on standings.goal_id = goals.goal_id
inner join statuses
    on
        standings.goal_id = statuses.goal_id
        and standings.progress_on = statuses.progress_on
