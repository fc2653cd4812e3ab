-- One row per goal, day and recent figure that the forecast of the day uses. A day with
-- too few figures has no row.
with rules as (select * from {{ ref('int_goals__measurable_days') }}),

figures as (select * from {{ ref('int_goals__figures') }}),

day_weights as (select * from {{ ref('int_goals__day_weights') }}),

known_figures as (
    select
        rules.goal_id,
        rules.progress_on,
        rules.is_cumulative,
        rules.min_periods,
        rules.level_periods,
        rules.step_periods,
        figures.period_end_on,
        {{ days_between('rules.progress_on', 'figures.period_end_on') }}
            as day_offset,
        figures.value,
        figures.numerator,
        case
            when rules.aggregation = 'ratio' then figures.denominator
            else day_weights.weight
        end as exposure,
        day_weights.weight
    from rules
    inner join figures
        on
            rules.goal_id = figures.goal_id
            and rules.progress_on >= figures.known_on
            and rules.starts_on <= figures.period_start_on
    left join day_weights
        on
            figures.goal_id = day_weights.goal_id
            and figures.period_end_on = day_weights.day_on
    where
        (rules.is_cumulative and figures.numerator is not null)
        or (not rules.is_cumulative and figures.value is not null)
    qualify
        row_number() over (
            partition by rules.goal_id, rules.progress_on
            order by figures.period_end_on desc
        ) <= rules.trend_periods
),

numbered_figures as (
    select
        *,
        row_number() over (
            partition by goal_id, progress_on
            order by period_end_on
        ) as figure_number,
        count(*) over (partition by goal_id, progress_on) as period_count
    from known_figures
)

select
    goal_id,
    progress_on,
    is_cumulative,
    level_periods,
    step_periods,
    figure_number,
    period_count,
    cast(floor(period_count / 2) as bigint) as half_period_count,
    day_offset,
    value,
    numerator,
    exposure,
    weight
from numbered_figures
where period_count >= min_periods
