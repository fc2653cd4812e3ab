-- One row per risk of a KPI and figure up to the judged period: the last complete one
-- whose cohorts have matured. Figures of incomplete periods have no value.
with risks as (select * from {{ ref('int_goals__risks') }}),

periods as (select * from {{ ref('int_reference__periods') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

kpi_figures as (select * from {{ ref('int_kpi__figures') }}),

judged_periods as (
    select
        risks.risk_id,
        max(periods.period_start_on) as judged_start_on
    from risks
    inner join periods on risks.period = periods.period
    cross join as_of
    where
        risks.problem is null
        and periods.last_day_on = periods.period_end_on
        and periods.period_end_on + risks.maturity_days <= as_of.as_of_on
    group by risks.risk_id
),

past_figures as (
    select
        risks.risk_id,
        kpi_figures.period_start_on,
        kpi_figures.period_end_on,
        kpi_figures.period_start_on = judged_periods.judged_start_on as is_judged,
        case when kpi_figures.is_comparable then kpi_figures.value end as value,
        case
            when kpi_figures.coverage <> 'ok' then kpi_figures.coverage
            when not kpi_figures.is_comparable
                then 'the data do not cover the whole period'
        end as gap,
        case when risks.comparison = 'below' then -1 else 1 end as worse_sign,
        risks.threshold
    from risks
    inner join judged_periods on risks.risk_id = judged_periods.risk_id
    inner join kpi_figures
        on
            risks.kpi_code = kpi_figures.kpi_code
            and risks.period = kpi_figures.period
            and risks.shop_id = kpi_figures.shop_id
            and judged_periods.judged_start_on >= kpi_figures.period_start_on
    where kpi_figures.dimension = 'all' and kpi_figures.dimension_value = 'all'
)

select
    risk_id,
    period_start_on,
    period_end_on,
    is_judged,
    value,
    gap,
    worse_sign * (value - threshold) > 0 as is_crossed
from past_figures
