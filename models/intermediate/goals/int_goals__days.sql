-- One row per goal and day from its start to its end or the last day of the data. A
-- goal that has not started has one row; a goal that cannot be measured has rows like
-- any other.
with goals as (select * from {{ ref('int_goals__goals') }}),

revisions as (select * from {{ ref('goal_revisions') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

last_day as (
    select coalesce(max(as_of_on), date '1970-01-01') as as_of_on
    from as_of
),

revised_ends as (
    select
        revisions.goal_id,
        max_by(revisions.ends_on, revisions.effective_on) as ends_on
    from revisions
    cross join last_day
    where
        revisions.effective_on <= last_day.as_of_on
        and revisions.ends_on is not null
    group by revisions.goal_id
),

spans as (
    select
        goals.goal_id,
        last_day.as_of_on,
        least(goals.starts_on, last_day.as_of_on) as first_on,
        greatest(
            least(
                coalesce(revised_ends.ends_on, goals.ends_on), last_day.as_of_on
            ),
            least(goals.starts_on, last_day.as_of_on)
        ) as last_on
    from goals
    cross join last_day
    left join revised_ends on goals.goal_id = revised_ends.goal_id
),

calendar as (
    select
        goal_id,
        as_of_on,
        last_on,
        {{ days_from_to('first_on', 'last_on') }} as day
    from spans
)

select
    goal_id,
    cast(day as date) as progress_on,
    cast(day as date) = last_on as is_current,
    as_of_on = date '1970-01-01' as is_without_data
from calendar
