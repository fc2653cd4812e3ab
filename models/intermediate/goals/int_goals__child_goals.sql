-- One row per goal with child goals and day of the goal, with the number of child goals
-- and of those on pace and at risk. A child goal that is over keeps its last status.
with goals as (select * from {{ ref('int_goals__goals') }}),

days as (select * from {{ ref('int_goals__days') }}),

statuses as (select * from {{ ref('int_goals__statuses') }}),

child_days as (
    select
        days.goal_id,
        days.progress_on,
        goals.goal_id as child_goal_id
    from days
    inner join goals on days.goal_id = goals.parent_goal_id
    where goals.goal_id <> goals.parent_goal_id
),

final_statuses as (
    select
        statuses.goal_id,
        statuses.progress_on,
        statuses.status
    from statuses
    inner join days
        on
            statuses.goal_id = days.goal_id
            and statuses.progress_on = days.progress_on
    where days.is_current
),

child_statuses as (
    select
        child_days.goal_id,
        child_days.progress_on,
        coalesce(statuses.status, final_statuses.status) as status
    from child_days
    left join statuses
        on
            child_days.child_goal_id = statuses.goal_id
            and child_days.progress_on = statuses.progress_on
    left join final_statuses
        on
            child_days.child_goal_id = final_statuses.goal_id
            and child_days.progress_on > final_statuses.progress_on
)

select
    goal_id,
    progress_on,
    count(*) as child_goal_count,
    count(case when status in ('ahead', 'on_pace', 'achieved') then 1 end)
        as on_pace_count,
    count(case when status in ('at_risk', 'missed') then 1 end) as at_risk_count
from child_statuses
group by goal_id, progress_on
