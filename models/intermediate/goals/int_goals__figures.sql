-- One row per goal and period of its KPI, with the figure and the first day on which it
-- is known.
with goals as (select * from {{ ref('int_goals__goals') }}),

kpi_figures as (select * from {{ ref('int_kpi__figures') }}),

goal_rows as (
    select
        goals.goal_id,
        goals.aggregation,
        goals.measured,
        goals.maturity_days,
        kpi_figures.*,
        goals.shop_id = kpi_figures.shop_id
        and goals.dimension = kpi_figures.dimension
        and goals.dimension_value = kpi_figures.dimension_value as is_slice
    from goals
    inner join kpi_figures
        on goals.kpi_code = kpi_figures.kpi_code and goals.period = kpi_figures.period
    where goals.problem is null
),

periods as (
    select
        goal_id,
        aggregation,
        measured,
        maturity_days,
        period_start_on,
        period_end_on,
        max(numerator) filter (where is_slice) as numerator,
        max(denominator) filter (where is_slice) as denominator,
        max(value) filter (where is_slice) as value,
        max(coverage) filter (where is_slice) as coverage,
        max(numerator) filter (where not is_slice) as total_numerator,
        max(coverage) filter (where not is_slice) as total_coverage
    from goal_rows
    where
        is_slice
        or (shop_id = 'all' and dimension = 'all' and dimension_value = 'all')
    group by
        goal_id, aggregation, measured, maturity_days, period_start_on, period_end_on
)

select
    goal_id,
    period_start_on,
    period_end_on,
    cast(period_end_on + maturity_days as date) as known_on,
    -- A slice without sales has no row; if the whole has a figure, the slice is zero.
    cast(
        coalesce(numerator, case when total_numerator is not null then 0 end) as double
    ) as numerator,
    cast(
        coalesce(denominator, case when total_numerator is not null then 0 end)
        as double
    ) as denominator,
    value,
    coalesce(coverage, total_coverage) as coverage
from periods
