-- One row per cumulative goal and day of it, also days to come, with the day of the
-- year before that it is like: the same day of a festival, or the days around it.
with goals as (select * from {{ ref('int_goals__goals') }}),

revisions as (select * from {{ ref('goal_revisions') }}),

festivals as (select * from {{ ref('festivals') }}),

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
        cast(day as date) as weighed_on,
        cast(day - interval '1 year' as date) as year_before_on
    from calendar
),

editions as (
    select
        festivals.festival,
        festivals.starts_on,
        festivals.ends_on,
        earlier.starts_on as earlier_starts_on,
        earlier.ends_on as earlier_ends_on,
        {{ days_between('earlier.starts_on', 'festivals.starts_on') }} as days_apart
    from festivals
    inner join festivals as earlier
        on
            festivals.festival = earlier.festival
            and year(festivals.starts_on) = year(earlier.starts_on) + 1
),

-- Of festivals that overlap, the shorter says more about its days.
festive_days as (
    select
        days.goal_id,
        days.weighed_on,
        days.year_before_on,
        editions.starts_on,
        editions.earlier_starts_on,
        editions.earlier_ends_on,
        editions.days_apart
    from days
    inner join editions
        on days.weighed_on between editions.starts_on and editions.ends_on
    qualify
        row_number() over (
            partition by days.goal_id, days.weighed_on
            order by
                {{ days_between('editions.starts_on', 'editions.ends_on') }},
                editions.festival
        ) = 1
)

select
    days.goal_id,
    days.weighed_on,
    days.year_before_on,
    -- Sales keep their date, as 11 November does; feasts of the moon move as a whole.
    case
        when abs(festive_days.days_apart - 365) <= 8 then days.year_before_on
        else
            cast(
                least(
                    festive_days.earlier_starts_on + cast(
                        {{ days_between('festive_days.starts_on', 'days.weighed_on') }}
                        as int
                    ),
                    festive_days.earlier_ends_on
                ) as date
            )
    end as festive_like_on
from days
left join festive_days
    on
        days.goal_id = festive_days.goal_id
        and days.weighed_on = festive_days.weighed_on
