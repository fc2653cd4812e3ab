-- One row per goal that currently needs a revision and option to revise it: a new
-- target equal to the forecast, or a new end at the present pace.
with progress as (select * from {{ ref('int_goals__progress') }}),

pauses as (
    select
        goal_id,
        max(progress_on) as paused_on
    from progress
    where not needs_revision
    group by goal_id
),

current_needs as (
    select
        progress.goal_id,
        min(progress.progress_on) as since_on
    from progress
    left join pauses on progress.goal_id = pauses.goal_id
    where
        progress.needs_revision
        and progress.progress_on > coalesce(pauses.paused_on, date '1900-01-01')
    group by progress.goal_id
),

goals_to_revise as (
    select
        progress.goal_id,
        progress.status,
        progress.unit,
        progress.target,
        progress.ends_on,
        progress.forecast,
        current_needs.since_on,
        {{ days_between('progress.starts_on', 'progress.progress_on') }}
        + 1 as days_done,
        {{ days_between('progress.starts_on', 'progress.ends_on') }}
        + 1 as days_agreed,
        -- Days beyond the end that the present pace needs to reach the target.
        least(
            (progress.target - progress.forecast) / nullif(progress.change_per_day, 0),
            10000
        ) as days_more
    from progress
    inner join current_needs on progress.goal_id = current_needs.goal_id
    where progress.is_current
),

options as (
    select
        *,
        'target' as proposal,
        {{ rounded_target('forecast', 'unit') }} as proposed_target,
        ends_on as proposed_ends_on
    from goals_to_revise
    union all
    -- An end is proposed only if the time at most doubles.
    select
        *,
        'end' as proposal,
        target as proposed_target,
        cast(ends_on + cast(ceil(days_more) as int) as date) as proposed_ends_on
    from goals_to_revise
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
from options
