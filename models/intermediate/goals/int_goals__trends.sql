-- One row per goal on a level and day: where its level stands, how it changes from day
-- to day, both by medians, so that single days count little, and how much it wanders.
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
        median(recent.value - slopes.change_per_day * recent.days_ahead)
        filter (
            where recent.place > recent.period_count - recent.level_periods
        ) as level,
        -min(recent.days_ahead) as seen_days
    from recent
    inner join slopes
        on recent.goal_id = slopes.goal_id and recent.progress_on = slopes.progress_on
    group by recent.goal_id, recent.progress_on, slopes.change_per_day
),

-- Steps differ from the trend; their squares for each day are what a day adds.
wanderings as (
    select
        earlier.goal_id,
        earlier.progress_on,
        avg(
            power(
                later.value - earlier.value
                - slopes.change_per_day * (later.days_ahead - earlier.days_ahead),
                2
            )
            / (later.days_ahead - earlier.days_ahead)
        ) as variance_per_day
    from recent as earlier
    inner join recent as later
        on
            earlier.goal_id = later.goal_id
            and earlier.progress_on = later.progress_on
            and earlier.place + earlier.step_periods = later.place
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
    greatest(levels.seen_days, 1) as seen_days,
    wanderings.variance_per_day
from levels
inner join wanderings
    on
        levels.goal_id = wanderings.goal_id
        and levels.progress_on = wanderings.progress_on
