-- One row per goal and day: how much of the time is over, and what the pace asks for.
with agreed as (select * from {{ ref('int_goals__agreed') }}),

goals as (select * from {{ ref('int_goals__goals') }}),

weights as (select * from {{ ref('int_goals__weights') }}),

elapsed as (
    select
        agreed.goal_id,
        agreed.progress_on,
        agreed.target,
        goals.baseline,
        goals.start_value,
        least(
            cast(
                {{ days_between('goals.starts_on', 'agreed.progress_on') }} + 1
                as double
            )
            / nullif({{ days_between('goals.starts_on', 'agreed.ends_on') }} + 1, 0),
            1
        ) as elapsed_rate,
        case
            when goals.aggregation = 'sum' and by_end.is_seasonal
                then least(by_now.weight_so_far / nullif(by_end.weight_so_far, 0), 1)
        end as seasonal_rate
    from agreed
    inner join goals on agreed.goal_id = goals.goal_id
    left join weights as by_now
        on
            agreed.goal_id = by_now.goal_id
            and agreed.progress_on = by_now.weighed_on
    left join weights as by_end
        on agreed.goal_id = by_end.goal_id and agreed.ends_on = by_end.weighed_on
    where agreed.progress_on >= goals.starts_on
),

expected as (
    select
        *,
        coalesce(seasonal_rate, elapsed_rate) as pace_rate,
        -- A goal to stay where one is has no way to go; its target is the scale then.
        coalesce(nullif(abs(target - start_value), 0), nullif(abs(target), 0)) as way
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
    -- What the baseline alone would have given by this day.
    case when start_value = baseline then baseline else baseline * pace_rate end
        as baseline_so_far,
    way
from expected
