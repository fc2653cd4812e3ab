-- One row per goal and day before its end with an actual value, with the days that
-- remain and, for cumulative goals, their weight.
with terms as (select * from {{ ref('int_goals__effective_terms') }}),

goals as (select * from {{ ref('int_goals__goals') }}),

policy as (select * from {{ ref('goal_policy') }}),

actuals as (select * from {{ ref('int_goals__actuals') }}),

day_weights as (select * from {{ ref('int_goals__day_weights') }})

select
    terms.goal_id,
    terms.progress_on,
    goals.aggregation,
    goals.multiplier,
    goals.unit,
    policy.interval_z,
    actuals.numerator,
    actuals.denominator,
    {{ days_between('terms.progress_on', 'terms.ends_on') }} as days_left,
    {{ days_between('goals.starts_on', 'terms.progress_on') }} + 1 as days_done,
    by_end.weight_so_far - by_now.weight_so_far as weight_left,
    by_end.weight_so_far
    / ({{ days_between('goals.starts_on', 'terms.ends_on') }} + 1) as usual_weight
from terms
inner join goals on terms.goal_id = goals.goal_id
inner join policy on goals.measured = policy.measured
inner join actuals
    on terms.goal_id = actuals.goal_id and terms.progress_on = actuals.progress_on
left join day_weights as by_now
    on terms.goal_id = by_now.goal_id and actuals.measured_on = by_now.day_on
left join day_weights as by_end
    on terms.goal_id = by_end.goal_id and terms.ends_on = by_end.day_on
where actuals.actual is not null and terms.progress_on < terms.ends_on
