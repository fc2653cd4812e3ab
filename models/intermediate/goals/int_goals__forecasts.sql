-- One row per goal and day before its end with a forecast: where it will be on its last
-- day if it goes on as lately, and between which two values.
with horizons as (select * from {{ ref('int_goals__horizons') }}),

trends as (select * from {{ ref('int_goals__trends') }}),

rates as (select * from {{ ref('int_goals__rates') }}),

levels as (
    select
        horizons.goal_id,
        horizons.progress_on,
        horizons.unit,
        trends.change_per_day,
        least(trends.level, 0) as lowest,
        -- No trend lasts longer than it has been seen.
        trends.level
        + trends.change_per_day
        * least(horizons.days_left, horizons.days_done) as forecast,
        -- The textbook's interval of a random walk with drift.
        horizons.interval_z * sqrt(
            trends.variance_per_day * horizons.days_left
            * (1 + cast(horizons.days_left as double) / trends.seen_days)
        ) as half_width
    from horizons
    inner join trends
        on
            horizons.goal_id = trends.goal_id
            and horizons.progress_on = trends.progress_on
),

-- The days to come are as many usual ones as they have the weight of.
to_come as (
    select
        horizons.*,
        rates.rate,
        rates.deviation,
        rates.repetition,
        rates.period_count,
        rates.exposure_per_weight * horizons.weight_left as exposure,
        horizons.weight_left / nullif(rates.weight_per_day, 0) as usual_days
    from horizons
    inner join rates
        on
            horizons.goal_id = rates.goal_id
            and horizons.progress_on = rates.progress_on
),

sums as (
    select
        goal_id,
        progress_on,
        unit,
        case when aggregation = 'sum' then rate * usual_weight end as change_per_day,
        numerator + rate * exposure as total,
        interval_z * deviation
        * sqrt(repetition * (usual_days + usual_days * usual_days / period_count))
            as half_width,
        -- A sum is worth itself, a ratio is divided by what its denominator will be.
        case
            when aggregation = 'sum' then 1
            else multiplier / nullif(denominator + exposure, 0)
        end as worth
    from to_come
),

-- No line leads a share above the whole, or what has no negatives below zero.
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
        total * worth as forecast,
        half_width * worth as half_width,
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
