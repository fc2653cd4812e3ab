-- One row per cumulative goal and day of it, future days included, with the same date a
-- year before and, for a festival day, its counterpart a year before.
with goals as (select * from {{ ref('int_goals__goals') }}),

revisions as (select * from {{ ref('goal_revisions') }}),

festival_days as (
    select * from {{ ref('int_reference__festival_days') }} where is_within
),

spans as (
    select
        goals.goal_id,
        goals.starts_on,
        greatest(goals.ends_on, max(revisions.ends_on)) as ends_on
    from goals
    left join revisions on goals.goal_id = revisions.goal_id
    where goals.measured = 'cumulative' and goals.problem is null
    group by goals.goal_id, goals.starts_on, goals.ends_on
),

calendar as (
    select
        goal_id,
        {{ days_from_to('starts_on', 'ends_on') }} as day
    from spans
),

days as (
    select
        goal_id,
        cast(day as date) as day_on
    from calendar
)

select
    days.goal_id,
    days.day_on,
    cast(days.day_on - interval '1 year' as date) as year_before_on,
    festival_days.counterpart_on as festival_counterpart_on
from days
left join festival_days on days.day_on = festival_days.day_on
