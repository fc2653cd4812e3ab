-- One row per cumulative goal and day: its rate of the latest days for each unit of
-- their weight or denominator, and how far single days lie from it.
with recent as (select * from {{ ref('int_goals__recent') }}),

rates as (
    select
        goal_id,
        progress_on,
        max(period_count) as period_count,
        sum(numerator) / nullif(sum(exposure), 0) as rate,
        sum(exposure) / nullif(sum(weight), 0) as exposure_per_weight,
        sum(weight) / max(period_count) as weight_per_day
    from recent
    where is_cumulative
    group by goal_id, progress_on
),

residuals as (
    select
        recent.goal_id,
        recent.progress_on,
        recent.place,
        recent.numerator - rates.rate * recent.exposure as residual
    from recent
    inner join rates
        on recent.goal_id = rates.goal_id and recent.progress_on = rates.progress_on
),

neighbours as (
    select
        *,
        lag(residual) over (
            partition by goal_id, progress_on
            order by place
        ) as residual_before
    from residuals
),

deviations as (
    select
        goal_id,
        progress_on,
        sqrt(sum(residual * residual) / nullif(count(*) - 1, 0)) as deviation,
        least(
            greatest(
                sum(residual * residual_before) / nullif(sum(residual * residual), 0), 0
            ),
            0.95
        ) as likeness
    from neighbours
    group by goal_id, progress_on
)

select
    rates.goal_id,
    rates.progress_on,
    rates.rate,
    rates.exposure_per_weight,
    rates.weight_per_day,
    rates.period_count,
    deviations.deviation,
    -- So many neighbours that resemble each other tell as much as one on its own.
    (1 + coalesce(deviations.likeness, 0))
    / (1 - coalesce(deviations.likeness, 0)) as repetition
from rates
inner join deviations
    on rates.goal_id = deviations.goal_id and rates.progress_on = deviations.progress_on
