-- One row per goal on a level and day, with the level, its change per day and the
-- variance of its changes. Level and change are medians, so that single days have
-- little effect.
with figures as (select * from {{ ref('int_goals__recent_figures') }}),

-- Values half the span apart, so that noise is small compared with the trend.
slopes as (
    select
        earlier.goal_id,
        earlier.progress_on,
        median(
            (later.value - earlier.value) / (later.day_offset - earlier.day_offset)
        ) as change_per_day
    from figures as earlier
    inner join figures as later
        on
            earlier.goal_id = later.goal_id
            and earlier.progress_on = later.progress_on
            and earlier.figure_number + earlier.half_period_count = later.figure_number
    where not earlier.is_cumulative
    group by earlier.goal_id, earlier.progress_on
),

levels as (
    select
        figures.goal_id,
        figures.progress_on,
        slopes.change_per_day,
        median(figures.value - slopes.change_per_day * figures.day_offset)
        filter (
            where figures.figure_number > figures.period_count - figures.level_periods
        ) as level,
        -min(figures.day_offset) as observed_days
    from figures
    inner join slopes
        on figures.goal_id = slopes.goal_id and figures.progress_on = slopes.progress_on
    group by figures.goal_id, figures.progress_on, slopes.change_per_day
),

-- Mean squared deviation of steps from the trend, per day.
step_variances as (
    select
        earlier.goal_id,
        earlier.progress_on,
        avg(
            power(
                later.value - earlier.value
                - slopes.change_per_day * (later.day_offset - earlier.day_offset),
                2
            )
            / (later.day_offset - earlier.day_offset)
        ) as variance_per_day
    from figures as earlier
    inner join figures as later
        on
            earlier.goal_id = later.goal_id
            and earlier.progress_on = later.progress_on
            and earlier.figure_number + earlier.step_periods = later.figure_number
    inner join slopes
        on
            earlier.goal_id = slopes.goal_id
            and earlier.progress_on = slopes.progress_on
    group by earlier.goal_id, earlier.progress_on
)

select
    levels.goal_id,
    levels.progress_on,
    levels.level,
    levels.change_per_day,
    greatest(levels.observed_days, 1) as observed_days,
    step_variances.variance_per_day
from levels
inner join step_variances
    on
        levels.goal_id = step_variances.goal_id
        and levels.progress_on = step_variances.progress_on
