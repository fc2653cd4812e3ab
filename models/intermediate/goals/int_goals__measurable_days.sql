-- One row per measurable goal and day, with the rules that decide which figures count
-- on that day.
with goals as (select * from {{ ref('int_goals__goals') }}),

days as (select * from {{ ref('int_goals__days') }}),

policy as (select * from {{ ref('goal_policy') }})

select
    days.goal_id,
    days.progress_on,
    goals.starts_on,
    goals.measured = 'cumulative' as is_cumulative,
    goals.aggregation,
    goals.multiplier,
    goals.maturity_days,
    {{ days_between('goals.starts_on', 'days.progress_on') }}
    + 1 - goals.maturity_days as due_days,
    policy.stale_days
    + case goals.period when 'week' then 7 when 'month' then 31 else 1 end
        as max_age_days,
    policy.min_covered_share,
    policy.trend_periods,
    policy.min_periods,
    policy.level_periods,
    policy.step_periods
from days
inner join goals on days.goal_id = goals.goal_id
inner join policy on goals.measured = policy.measured
where goals.problem is null
