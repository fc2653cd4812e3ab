-- One row per goal and day before its end with a forecast: the value on the last day if
-- the recent trend continues, with its interval.
with horizons as (select * from {{ ref('int_goals__horizons') }}),

level_trends as (select * from {{ ref('int_goals__level_trends') }}),

run_rates as (select * from {{ ref('int_goals__run_rates') }}),

levels as (
    select
        horizons.goal_id,
        horizons.progress_on,
        horizons.unit,
        level_trends.change_per_day,
        least(level_trends.level, 0) as lowest,
        -- A trend is extrapolated no longer than it has been observed.
        level_trends.level
        + level_trends.change_per_day
        * least(horizons.days_left, horizons.days_done) as forecast,
        -- Forecast interval of a random walk with drift.
        horizons.interval_z * sqrt(
            level_trends.variance_per_day * horizons.days_left
            * (1 + cast(horizons.days_left as double) / level_trends.observed_days)
        ) as half_width
    from horizons
    inner join level_trends
        on
            horizons.goal_id = level_trends.goal_id
            and horizons.progress_on = level_trends.progress_on
),

-- Remaining days are measured in days of usual weight.
remaining_days as (
    select
        horizons.*,
        run_rates.rate,
        run_rates.deviation,
        run_rates.inflation,
        run_rates.period_count,
        run_rates.exposure_per_weight * horizons.weight_left as exposure,
        horizons.weight_left / nullif(run_rates.weight_per_day, 0) as usual_days
    from horizons
    inner join run_rates
        on
            horizons.goal_id = run_rates.goal_id
            and horizons.progress_on = run_rates.progress_on
),

sums as (
    select
        goal_id,
        progress_on,
        unit,
        case when aggregation = 'sum' then rate * usual_weight end as change_per_day,
        numerator + rate * exposure as total,
        interval_z * deviation
        * sqrt(inflation * (usual_days + usual_days * usual_days / period_count))
            as half_width,
        -- A sum is used as it is, a ratio divided by its denominator on the last day.
        case
            when aggregation = 'sum' then 1
            else multiplier / nullif(denominator + exposure, 0)
        end as total_multiplier
    from remaining_days
),

-- A rate does not exceed 1, and a positive level does not fall below 0.
forecasts as (
    select
        goal_id,
        progress_on,
        change_per_day,
        forecast,
        half_width,
        lowest,
        case when unit = 'rate' then 1 end as highest
    from levels
    union all
    select
        goal_id,
        progress_on,
        change_per_day,
        total * total_multiplier as forecast,
        half_width * total_multiplier as half_width,
        cast(null as double) as lowest,
        case when unit = 'rate' then 1 end as highest
    from sums
)

select
    goal_id,
    progress_on,
    change_per_day,
    greatest(least(forecast, highest), lowest) as forecast,
    greatest(least(forecast - half_width, highest), lowest) as forecast_low,
    greatest(least(forecast + half_width, highest), lowest) as forecast_high
from forecasts
where forecast is not null
