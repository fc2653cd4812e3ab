-- One row per goal and day, with actual value, required pace and forecast, and their
-- distances from pace and target as shares of the distance from start to target.
-- Positive distances are favourable.
with goals as (select * from {{ ref('int_goals__goals') }}),

days as (select * from {{ ref('int_goals__days') }}),

terms as (select * from {{ ref('int_goals__effective_terms') }}),

actuals as (select * from {{ ref('int_goals__actuals') }}),

paces as (select * from {{ ref('int_goals__paces') }}),

forecasts as (select * from {{ ref('int_goals__forecasts') }})

select
    days.goal_id,
    days.progress_on,
    days.is_current,
    days.progress_on >= goals.starts_on as is_started,
    days.progress_on >= terms.ends_on as is_over,
    coalesce(
        goals.problem,
        case when days.is_without_data then 'the shop has no data yet' end
    ) as problem,
    actuals.gap,
    goals.measured = 'cumulative' and goals.aggregation = 'sum' as is_sum,
    terms.target,
    terms.ends_on,
    terms.revision_count,
    terms.revised_on,
    terms.budget_amount,
    terms.budget_used_amount,
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
    / nullif(terms.target - goals.start_value, 0) as progress_rate,
    goals.better_sign * (actuals.actual - paces.baseline_to_date) as gain,
    goals.better_sign * (actuals.actual - terms.target) as surplus,
    goals.better_sign * (actuals.actual - paces.expected) / paces.goal_span
        as pace_gap_rate,
    forecasts.forecast,
    forecasts.forecast_low,
    forecasts.forecast_high,
    forecasts.change_per_day,
    goals.better_sign * (forecasts.forecast - terms.target) / paces.goal_span
        as forecast_gap_rate,
    greatest(
        goals.better_sign * (forecasts.forecast_low - terms.target),
        goals.better_sign * (forecasts.forecast_high - terms.target)
    ) / paces.goal_span as best_forecast_gap_rate,
    terms.target between forecasts.forecast_low and forecasts.forecast_high
        as is_target_in_interval
from days
inner join goals on days.goal_id = goals.goal_id
inner join terms
    on days.goal_id = terms.goal_id and days.progress_on = terms.progress_on
left join actuals
    on days.goal_id = actuals.goal_id and days.progress_on = actuals.progress_on
left join paces
    on days.goal_id = paces.goal_id and days.progress_on = paces.progress_on
left join forecasts
    on days.goal_id = forecasts.goal_id and days.progress_on = forecasts.progress_on
