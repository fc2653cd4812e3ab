-- One row per cumulative goal and day of it, with the weight of the day relative to the
-- other days, from the figures of the year before, or 1 if these are missing.
with comparable_days as (select * from {{ ref('int_goals__comparable_days') }}),

figures as (select * from {{ ref('int_goals__figures') }}),

goals as (select * from {{ ref('int_goals__goals') }}),

policy as (select * from {{ ref('goal_policy') }}),

festivals as (select * from {{ ref('festivals') }}),

-- Refunds can exceed the sales of a day; a weight is never negative.
volumes as (
    select
        figures.goal_id,
        figures.period_end_on as day_on,
        greatest(
            case
                when goals.aggregation = 'ratio' then figures.denominator
                else figures.numerator
            end,
            0
        ) as volume
    from figures
    inner join goals on figures.goal_id = goals.goal_id
    where goals.measured = 'cumulative' and figures.numerator is not null
),

ordinary_volumes as (
    select volumes.*
    from volumes
    left join festivals
        on volumes.day_on between festivals.starts_on and festivals.ends_on
    where festivals.festival is null
),

ordinary_days as (
    select
        comparable_days.goal_id,
        comparable_days.day_on,
        avg(ordinary_volumes.volume) as volume
    from comparable_days
    inner join policy on policy.measured = 'cumulative'
    inner join ordinary_volumes
        on
            comparable_days.goal_id = ordinary_volumes.goal_id
            and abs(
                {{ days_between(
                    'comparable_days.year_before_on', 'ordinary_volumes.day_on') }}
            ) <= policy.neighbour_days
    group by comparable_days.goal_id, comparable_days.day_on
),

compared_days as (
    select
        comparable_days.goal_id,
        comparable_days.day_on,
        coalesce(
            festival_volumes.volume, ordinary_days.volume, same_date_volumes.volume
        ) as volume,
        avg(case when same_date_volumes.volume is null then 0 else 1 end)
            over (partition by comparable_days.goal_id) as covered_rate
    from comparable_days
    left join volumes as same_date_volumes
        on
            comparable_days.goal_id = same_date_volumes.goal_id
            and comparable_days.year_before_on = same_date_volumes.day_on
    left join volumes as festival_volumes
        on
            comparable_days.goal_id = festival_volumes.goal_id
            and comparable_days.festival_counterpart_on = festival_volumes.day_on
    left join ordinary_days
        on
            comparable_days.goal_id = ordinary_days.goal_id
            and comparable_days.day_on = ordinary_days.day_on
),

rated_days as (
    select
        compared_days.*,
        compared_days.covered_rate >= policy.min_covered_share
        and sum(compared_days.volume) over (partition by compared_days.goal_id)
        > 0 as is_seasonal
    from compared_days
    inner join goals on compared_days.goal_id = goals.goal_id
    inner join policy on goals.measured = policy.measured
)

select
    goal_id,
    day_on,
    coalesce(is_seasonal, false) as is_seasonal,
    case when is_seasonal then coalesce(volume, 0) else 1 end as weight,
    sum(case when is_seasonal then coalesce(volume, 0) else 1 end) over (
        partition by goal_id
        order by day_on
        rows between unbounded preceding and current row
    ) as weight_so_far
from rated_days
