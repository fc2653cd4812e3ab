-- One row per goal and day, with its status and whether it needs a revision.
with goals as (select * from {{ ref('int_goals__goals') }}),

evaluations as (select * from {{ ref('int_goals__evaluations') }}),

policy as (select * from {{ ref('goal_policy') }}),

evaluated_goals as (
    select
        evaluations.*,
        case
            when evaluations.problem is not null then 'no_data'
            when not evaluations.is_started then 'not_started'
            when evaluations.actual is null then 'no_data'
            when evaluations.is_over and evaluations.surplus >= 0 then 'achieved'
            when evaluations.is_over then 'missed'
            -- Only a cumulative sum cannot fall below its target again.
            when
                evaluations.is_sum
                and goals.better_sign = 1
                and evaluations.surplus >= 0
                then 'achieved'
            -- The forecast alone decides only after `trust_after_share` of the time.
            when
                evaluations.elapsed_rate >= policy.trust_after_share
                and evaluations.best_forecast_gap_rate < -policy.pace_tolerance
                then 'at_risk'
            when
                evaluations.pace_gap_rate < -policy.pace_tolerance
                and coalesce(evaluations.forecast_gap_rate, -1) < 0
                then 'at_risk'
            when evaluations.pace_gap_rate > policy.pace_tolerance then 'ahead'
            else 'on_pace'
        end as status,
        -- A revision is due if pace and forecast agree, the target lies outside the
        -- interval, and the last revision is not recent.
        evaluations.elapsed_rate >= policy.trust_after_share
        and abs(evaluations.forecast_gap_rate) > policy.propose_share
        and evaluations.forecast_gap_rate * evaluations.pace_gap_rate > 0
        and not evaluations.is_target_in_interval
        and coalesce(
            {{ days_between('evaluations.revised_on', 'evaluations.progress_on') }}
            >= policy.quiet_days,
            true
        ) as is_revision_due
    from evaluations
    inner join goals on evaluations.goal_id = goals.goal_id
    left join policy on goals.measured = policy.measured
)

select
    goal_id,
    progress_on,
    status,
    coalesce(problem, case when status = 'no_data' then gap end) as status_reason,
    status in ('ahead', 'at_risk') and coalesce(is_revision_due, false)
        as needs_revision
from evaluated_goals
