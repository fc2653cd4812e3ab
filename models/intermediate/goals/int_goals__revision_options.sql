-- One row per goal that needs a revision today and way to revise it: another target, as
-- the forecast says, or another end, when the present pace arrives.
with progress as (select * from {{ ref('int_goals__progress') }}),

calm_days as (
    select
        goal_id,
        max(progress_on) as calm_on
    from progress
    where not needs_revision
    group by goal_id
),

unbroken as (
    select
        progress.goal_id,
        min(progress.progress_on) as since_on
    from progress
    left join calm_days on progress.goal_id = calm_days.goal_id
    where
        progress.needs_revision
        and progress.progress_on > coalesce(calm_days.calm_on, date '1900-01-01')
    group by progress.goal_id
),

needy as (
    select
        progress.goal_id,
        progress.status,
        progress.unit,
        progress.target,
        progress.ends_on,
        progress.forecast,
        unbroken.since_on,
        {{ days_between('progress.starts_on', 'progress.progress_on') }}
        + 1 as days_done,
        {{ days_between('progress.starts_on', 'progress.ends_on') }}
        + 1 as days_agreed,
        -- So much longer at the present pace.
        least(
            (progress.target - progress.forecast) / nullif(progress.change_per_day, 0),
            10000
        ) as days_more
    from progress
    inner join unbroken on progress.goal_id = unbroken.goal_id
    where progress.is_current
),

ways as (
    select
        *,
        'target' as proposal,
        {{ rounded_target('forecast', 'unit') }} as proposed_target,
        ends_on as proposed_ends_on
    from needy
    union all
    -- More than twice the time would be another goal.
    select
        *,
        'end' as proposal,
        target as proposed_target,
        cast(ends_on + cast(ceil(days_more) as int) as date) as proposed_ends_on
    from needy
    where status = 'at_risk' and days_more > 0 and days_more <= days_agreed
)

select
    goal_id,
    proposal,
    since_on,
    days_done,
    days_agreed,
    proposed_target,
    proposed_ends_on
from ways
