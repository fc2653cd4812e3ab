-- One row per goal and day before its end on which something was measured: what lies
-- ahead, in days and, for cumulative goals, in weight.
with agreed as (select * from {{ ref('int_goals__agreed') }}),

goals as (select * from {{ ref('int_goals__goals') }}),

policy as (select * from {{ ref('goal_policy') }}),

actuals as (select * from {{ ref('int_goals__actuals') }}),

weights as (select * from {{ ref('int_goals__weights') }})

select
    agreed.goal_id,
    agreed.progress_on,
    goals.aggregation,
    goals.multiplier,
    goals.unit,
    policy.interval_z,
    actuals.numerator,
    actuals.denominator,
    {{ days_between('agreed.progress_on', 'agreed.ends_on') }} as days_left,
    {{ days_between('goals.starts_on', 'agreed.progress_on') }} + 1 as days_done,
    by_end.weight_so_far - by_now.weight_so_far as weight_left,
    by_end.weight_so_far
    / ({{ days_between('goals.starts_on', 'agreed.ends_on') }} + 1) as usual_weight
from agreed
inner join goals on agreed.goal_id = goals.goal_id
inner join policy on goals.measured = policy.measured
inner join actuals
    on agreed.goal_id = actuals.goal_id and agreed.progress_on = actuals.progress_on
left join weights as by_now
    on agreed.goal_id = by_now.goal_id and actuals.measured_on = by_now.weighed_on
left join weights as by_end
    on agreed.goal_id = by_end.goal_id and agreed.ends_on = by_end.weighed_on
where actuals.actual is not null and agreed.progress_on < agreed.ends_on
