-- One row per goal, day and latest figure that a forecast of that day looks at; a day
-- with too few of them has none.
with followed as (select * from {{ ref('int_goals__followed') }}),

figures as (select * from {{ ref('int_goals__figures') }}),

weights as (select * from {{ ref('int_goals__weights') }}),

known as (
    select
        followed.goal_id,
        followed.progress_on,
        followed.is_cumulative,
        followed.min_periods,
        followed.level_periods,
        followed.step_periods,
        figures.period_end_on,
        {{ days_between('followed.progress_on', 'figures.period_end_on') }}
            as days_ahead,
        figures.value,
        figures.numerator,
        case
            when followed.aggregation = 'ratio' then figures.denominator
            else weights.weight
        end as exposure,
        weights.weight
    from followed
    inner join figures
        on
            followed.goal_id = figures.goal_id
            and followed.progress_on >= figures.known_on
            and followed.starts_on <= figures.period_start_on
    left join weights
        on
            figures.goal_id = weights.goal_id
            and figures.period_end_on = weights.weighed_on
    where
        (followed.is_cumulative and figures.numerator is not null)
        or (not followed.is_cumulative and figures.value is not null)
    qualify
        row_number() over (
            partition by followed.goal_id, followed.progress_on
            order by figures.period_end_on desc
        ) <= followed.trend_periods
),

counted as (
    select
        *,
        row_number() over (
            partition by goal_id, progress_on
            order by period_end_on
        ) as place,
        count(*) over (partition by goal_id, progress_on) as period_count
    from known
)

select
    goal_id,
    progress_on,
    is_cumulative,
    level_periods,
    step_periods,
    place,
    period_count,
    cast(floor(period_count / 2) as bigint) as half_count,
    days_ahead,
    value,
    numerator,
    exposure,
    weight
from counted
where period_count >= min_periods
