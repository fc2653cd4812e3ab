-- One row per goal and day: distances from the pace and of the forecast from the
-- target, as shares of the whole way, above zero where they are good.
with goals as (select * from {{ ref('int_goals__goals') }}),

days as (select * from {{ ref('int_goals__days') }}),

agreed as (select * from {{ ref('int_goals__agreed') }}),

actuals as (select * from {{ ref('int_goals__actuals') }}),

paces as (select * from {{ ref('int_goals__paces') }}),

forecasts as (select * from {{ ref('int_goals__forecasts') }})

select
    days.goal_id,
    days.progress_on,
    days.is_current,
    days.progress_on >= goals.starts_on as is_started,
    days.progress_on >= agreed.ends_on as is_over,
    coalesce(
        goals.problem,
        case when days.is_without_data then 'the shop has no data yet' end
    ) as problem,
    actuals.gap,
    goals.measured = 'cumulative' and goals.aggregation = 'sum' as is_sum,
    agreed.target,
    agreed.ends_on,
    agreed.revision_count,
    agreed.revised_on,
    agreed.budget_amount,
    agreed.budget_used_amount,
    actuals.measured_on,
    actuals.actual,
    paces.elapsed_rate,
    paces.expected_linear,
    paces.expected_seasonal,
    paces.expected,
    case when actuals.actual is not null then paces.pace_basis end as pace_basis,
    (actuals.actual - goals.start_value)
    / nullif(goals.target - goals.start_value, 0) as original_progress_rate,
    (actuals.actual - goals.start_value)
    / nullif(agreed.target - goals.start_value, 0) as progress_rate,
    goals.better_sign * (actuals.actual - paces.baseline_so_far) as gain,
    goals.better_sign * (actuals.actual - agreed.target) as surplus,
    goals.better_sign * (actuals.actual - paces.expected) / paces.way as pace_gap_rate,
    forecasts.forecast,
    forecasts.forecast_low,
    forecasts.forecast_high,
    forecasts.change_per_day,
    goals.better_sign * (forecasts.forecast - agreed.target) / paces.way
        as outlook_rate,
    greatest(
        goals.better_sign * (forecasts.forecast_low - agreed.target),
        goals.better_sign * (forecasts.forecast_high - agreed.target)
    ) / paces.way as best_outlook_rate,
    agreed.target between forecasts.forecast_low and forecasts.forecast_high
        as is_target_within
from days
inner join goals on days.goal_id = goals.goal_id
inner join agreed
    on days.goal_id = agreed.goal_id and days.progress_on = agreed.progress_on
left join actuals
    on days.goal_id = actuals.goal_id and days.progress_on = actuals.progress_on
left join paces
    on days.goal_id = paces.goal_id and days.progress_on = paces.progress_on
left join forecasts
    on days.goal_id = forecasts.goal_id and days.progress_on = forecasts.progress_on
