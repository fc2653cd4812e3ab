-- One row per goal and day: its status, and whether it needs a revision.
with goals as (select * from {{ ref('int_goals__goals') }}),

standings as (select * from {{ ref('int_goals__standings') }}),

policy as (select * from {{ ref('goal_policy') }}),

judged as (
    select
        standings.*,
        case
            when standings.problem is not null then 'no_data'
            when not standings.is_started then 'not_started'
            when standings.actual is null then 'no_data'
            when standings.is_over and standings.surplus >= 0 then 'achieved'
            when standings.is_over then 'missed'
            -- Only a sum stays where it has arrived.
            when
                standings.is_sum and goals.better_sign = 1 and standings.surplus >= 0
                then 'achieved'
            -- Young goals are judged by their pace; later the forecast has a say, too.
            when
                standings.elapsed_rate >= policy.trust_after_share
                and standings.best_outlook_rate < -policy.pace_tolerance
                then 'at_risk'
            when
                standings.pace_gap_rate < -policy.pace_tolerance
                and coalesce(standings.outlook_rate, -1) < 0
                then 'at_risk'
            when standings.pace_gap_rate > policy.pace_tolerance then 'ahead'
            else 'on_pace'
        end as status,
        -- Pace and forecast agree, the target is out of reach of chance, and nobody has
        -- just changed it.
        standings.elapsed_rate >= policy.trust_after_share
        and abs(standings.outlook_rate) > policy.propose_share
        and standings.outlook_rate * standings.pace_gap_rate > 0
        and not standings.is_target_within
        and coalesce(
            {{ days_between('standings.revised_on', 'standings.progress_on') }}
            >= policy.quiet_days,
            true
        ) as is_apart
    from standings
    inner join goals on standings.goal_id = goals.goal_id
    left join policy on goals.measured = policy.measured
)

select
    goal_id,
    progress_on,
    status,
    coalesce(problem, case when status = 'no_data' then gap end) as status_reason,
    status in ('ahead', 'at_risk') and coalesce(is_apart, false) as needs_revision
from judged
