-- One row per measurable goal and day, with the value reached by that day, from figures
-- known by then, or the reason why there is none.
with rules as (select * from {{ ref('int_goals__measurable_days') }}),

figures as (select * from {{ ref('int_goals__figures') }}),

totals as (
    select
        rules.goal_id,
        rules.progress_on,
        sum(figures.numerator) as numerator,
        sum(figures.denominator) as denominator,
        count(figures.numerator) as covered_days,
        max(figures.period_end_on)
        filter (where figures.numerator is not null) as measured_on,
        max_by(figures.coverage, figures.period_end_on)
        filter (where figures.numerator is null) as gap
    from rules
    inner join figures
        on
            rules.goal_id = figures.goal_id
            and rules.progress_on >= figures.known_on
            and rules.starts_on <= figures.period_start_on
    where rules.is_cumulative
    group by rules.goal_id, rules.progress_on
),

latest as (
    select
        rules.goal_id,
        rules.progress_on,
        max_by(figures.value, figures.period_end_on)
        filter (where figures.value is not null) as value,
        max(figures.period_end_on)
        filter (where figures.value is not null) as measured_on,
        max_by(figures.coverage, figures.period_end_on) as gap
    from rules
    inner join figures
        on
            rules.goal_id = figures.goal_id
            and rules.progress_on >= figures.known_on
            and {{ days_between('figures.known_on', 'rules.progress_on') }}
            < rules.max_age_days
    where not rules.is_cumulative
    group by rules.goal_id, rules.progress_on
),

readings as (
    select
        rules.*,
        totals.numerator,
        totals.denominator,
        coalesce(totals.covered_days, 0) as covered_days,
        coalesce(totals.measured_on, latest.measured_on) as measured_on,
        coalesce(totals.gap, latest.gap) as gap,
        case
            when not rules.is_cumulative then latest.value
            when rules.aggregation = 'sum' then totals.numerator
            else
                totals.numerator * rules.multiplier
                / nullif(totals.denominator, 0)
        end as reading,
        {{ days_between('totals.measured_on', 'rules.progress_on') }}
        - rules.maturity_days < rules.max_age_days
        and totals.covered_days >= rules.min_covered_share * rules.due_days
            as is_covered
    from rules
    left join totals
        on
            rules.goal_id = totals.goal_id
            and rules.progress_on = totals.progress_on
    left join latest
        on
            rules.goal_id = latest.goal_id
            and rules.progress_on = latest.progress_on
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
