-- One row per goal on a level and day: the straight line through its latest values, by
-- medians, so that single days do not turn it, and how far values lie from it.
with recent as (select * from {{ ref('int_goals__recent') }}),

-- Changes between values half the span apart: far enough for noise to be small beside.
slopes as (
    select
        earlier.goal_id,
        earlier.progress_on,
        median(
            (later.value - earlier.value) / (later.days_ahead - earlier.days_ahead)
        ) as change_per_day
    from recent as earlier
    inner join recent as later
        on
            earlier.goal_id = later.goal_id
            and earlier.progress_on = later.progress_on
            and earlier.place + earlier.half_count = later.place
    where not earlier.is_cumulative
    group by earlier.goal_id, earlier.progress_on
),

levels as (
    select
        recent.goal_id,
        recent.progress_on,
        slopes.change_per_day,
        median(recent.value - slopes.change_per_day * recent.days_ahead) as level,
        avg(recent.days_ahead) as mean_days_ahead,
        var_pop(recent.days_ahead) * count(*) as spread
    from recent
    inner join slopes
        on recent.goal_id = slopes.goal_id and recent.progress_on = slopes.progress_on
    group by recent.goal_id, recent.progress_on, slopes.change_per_day
),

residuals as (
    select
        recent.goal_id,
        recent.progress_on,
        recent.period_count,
        recent.place,
        recent.value
        - levels.level
        - levels.change_per_day * recent.days_ahead as residual
    from recent
    inner join levels
        on recent.goal_id = levels.goal_id and recent.progress_on = levels.progress_on
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
        max(period_count) as period_count,
        -- 1.4826 median distances of a normal variable are its standard deviation.
        1.4826 * median(abs(residual)) as deviation,
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
    levels.goal_id,
    levels.progress_on,
    levels.level,
    levels.change_per_day,
    levels.mean_days_ahead,
    levels.spread,
    deviations.deviation,
    -- So many neighbours that resemble each other tell as much as one on its own.
    (1 + coalesce(deviations.likeness, 0))
    / (1 - coalesce(deviations.likeness, 0)) as repetition,
    deviations.period_count
from levels
inner join deviations
    on
        levels.goal_id = deviations.goal_id
        and levels.progress_on = deviations.progress_on
