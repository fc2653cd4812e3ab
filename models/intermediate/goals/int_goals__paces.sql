-- One row per goal and day since its start, with the elapsed share of its time and the
-- value that the pace requires by that day.
with terms as (select * from {{ ref('int_goals__effective_terms') }}),

goals as (select * from {{ ref('int_goals__goals') }}),

day_weights as (select * from {{ ref('int_goals__day_weights') }}),

elapsed as (
    select
        terms.goal_id,
        terms.progress_on,
        terms.target,
        goals.baseline,
        goals.start_value,
        least(
            cast(
                {{ days_between('goals.starts_on', 'terms.progress_on') }} + 1
                as double
            )
            / nullif({{ days_between('goals.starts_on', 'terms.ends_on') }} + 1, 0),
            1
        ) as elapsed_rate,
        case
            when goals.aggregation = 'sum' and by_end.is_seasonal
                then least(by_now.weight_so_far / nullif(by_end.weight_so_far, 0), 1)
        end as seasonal_rate
    from terms
    inner join goals on terms.goal_id = goals.goal_id
    left join day_weights as by_now
        on
            terms.goal_id = by_now.goal_id
            and terms.progress_on = by_now.day_on
    left join day_weights as by_end
        on terms.goal_id = by_end.goal_id and terms.ends_on = by_end.day_on
    where terms.progress_on >= goals.starts_on
),

expected as (
    select
        *,
        coalesce(seasonal_rate, elapsed_rate) as pace_rate,
        -- A goal that keeps its start value has no distance; its target is the scale.
        coalesce(nullif(abs(target - start_value), 0), nullif(abs(target), 0))
            as goal_span
    from elapsed
)

select
    goal_id,
    progress_on,
    elapsed_rate,
    start_value + (target - start_value) * elapsed_rate as expected_linear,
    start_value + (target - start_value) * seasonal_rate as expected_seasonal,
    start_value + (target - start_value) * pace_rate as expected,
    case when seasonal_rate is null then 'linear' else 'seasonal' end as pace_basis,
    -- The value by this day if the baseline had continued.
    case when start_value = baseline then baseline else baseline * pace_rate end
        as baseline_to_date,
    goal_span
from expected
