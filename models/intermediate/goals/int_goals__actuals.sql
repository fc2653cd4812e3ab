-- One row per goal that can be followed and day: what was reached by then, from figures
-- known by then, or why that cannot be said.
with followed as (select * from {{ ref('int_goals__followed') }}),

figures as (select * from {{ ref('int_goals__figures') }}),

totals as (
    select
        followed.goal_id,
        followed.progress_on,
        sum(figures.numerator) as numerator,
        sum(figures.denominator) as denominator,
        count(figures.numerator) as covered_days,
        max(figures.period_end_on)
        filter (where figures.numerator is not null) as measured_on,
        max_by(figures.coverage, figures.period_end_on)
        filter (where figures.numerator is null) as gap
    from followed
    inner join figures
        on
            followed.goal_id = figures.goal_id
            and followed.progress_on >= figures.known_on
            and followed.starts_on <= figures.period_start_on
    where followed.is_cumulative
    group by followed.goal_id, followed.progress_on
),

latest as (
    select
        followed.goal_id,
        followed.progress_on,
        max_by(figures.value, figures.period_end_on)
        filter (where figures.value is not null) as value,
        max(figures.period_end_on)
        filter (where figures.value is not null) as measured_on,
        max_by(figures.coverage, figures.period_end_on) as gap
    from followed
    inner join figures
        on
            followed.goal_id = figures.goal_id
            and followed.progress_on >= figures.known_on
            and {{ days_between('figures.known_on', 'followed.progress_on') }}
            < followed.readable_days
    where not followed.is_cumulative
    group by followed.goal_id, followed.progress_on
),

readings as (
    select
        followed.*,
        totals.numerator,
        totals.denominator,
        coalesce(totals.covered_days, 0) as covered_days,
        coalesce(totals.measured_on, latest.measured_on) as measured_on,
        coalesce(totals.gap, latest.gap) as gap,
        case
            when not followed.is_cumulative then latest.value
            when followed.aggregation = 'sum' then totals.numerator
            else
                totals.numerator * followed.multiplier
                / nullif(totals.denominator, 0)
        end as reading,
        {{ days_between('totals.measured_on', 'followed.progress_on') }}
        - followed.maturity_days < followed.readable_days
        and totals.covered_days >= followed.min_covered_share * followed.due_days
            as is_covered
    from followed
    left join totals
        on
            followed.goal_id = totals.goal_id
            and followed.progress_on = totals.progress_on
    left join latest
        on
            followed.goal_id = latest.goal_id
            and followed.progress_on = latest.progress_on
)

select
    goal_id,
    progress_on,
    measured_on,
    numerator,
    denominator,
    case when not is_cumulative or is_covered then reading end as actual,
    case
        when is_cumulative and due_days <= 0
            then 'figures mature after ' || maturity_days || ' days'
        when is_cumulative and not coalesce(is_covered, false)
            then
                covered_days || ' of ' || due_days || ' days have figures'
                || coalesce('; ' || gap, '')
        when reading is null then coalesce(gap, 'no figure lately')
    end as gap
from readings
