-- One row per cumulative goal and day, with its recent rate per unit of weight or
-- denominator, and the deviation of single days from this rate.
with figures as (select * from {{ ref('int_goals__recent_figures') }}),

rates as (
    select
        goal_id,
        progress_on,
        max(period_count) as period_count,
        sum(numerator) / nullif(sum(exposure), 0) as rate,
        sum(exposure) / nullif(sum(weight), 0) as exposure_per_weight,
        sum(weight) / max(period_count) as weight_per_day
    from figures
    where is_cumulative
    group by goal_id, progress_on
),

residuals as (
    select
        figures.goal_id,
        figures.progress_on,
        figures.figure_number,
        figures.numerator - rates.rate * figures.exposure as residual
    from figures
    inner join rates
        on figures.goal_id = rates.goal_id and figures.progress_on = rates.progress_on
),

adjacent_residuals as (
    select
        *,
        lag(residual) over (
            partition by goal_id, progress_on
            order by figure_number
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
        ) as autocorrelation
    from adjacent_residuals
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
    -- Autocorrelated days hold less information than independent ones: the variance of
    -- their mean is larger by this factor.
    (1 + coalesce(deviations.autocorrelation, 0))
    / (1 - coalesce(deviations.autocorrelation, 0)) as inflation
from rates
inner join deviations
    on rates.goal_id = deviations.goal_id and rates.progress_on = deviations.progress_on
