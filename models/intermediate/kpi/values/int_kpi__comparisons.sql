-- One row per KPI, period and slice with a value, beside the previous period, a year
-- before and, for festival days, the day of that festival a year before. A period in
-- progress is compared with the same days, a period that the history cuts with none.
{{ config(materialized='view') }}
with figures as (select * from {{ ref('int_kpi__figures') }} where value is not null),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

earlier_periods as (select * from {{ ref('int_reference__compared_periods') }}),

-- A period that the history cuts has no earlier one.
dated as (
    select
        figures.*,
        catalogue.unit = 'rate' as is_rate,
        case when figures.is_comparable then earlier_periods.earlier_period end
            as earlier_period,
        earlier_periods.previous_start_on,
        earlier_periods.year_ago_start_on,
        earlier_periods.festival,
        earlier_periods.counterpart_on
    from figures
    inner join catalogue on figures.kpi_code = catalogue.kpi_code
    inner join earlier_periods
        on
            figures.period = earlier_periods.period
            and figures.period_start_on = earlier_periods.period_start_on
),

comparable as (select * from figures where is_comparable and not is_in_progress),

compared as (
    select
        dated.*,
        previous.period_end_on as previous_end_on,
        previous.value as previous_value,
        previous.numerator as previous_numerator,
        year_ago.period_end_on as year_ago_end_on,
        year_ago.value as year_ago_value,
        year_ago.numerator as year_ago_numerator,
        counterpart.value as festival_twin_value
    from dated
    left join comparable as previous
        on
            dated.kpi_code = previous.kpi_code
            and dated.earlier_period = previous.period
            and dated.previous_start_on = previous.period_start_on
            and dated.shop_id = previous.shop_id
            and dated.dimension = previous.dimension
            and dated.dimension_value = previous.dimension_value
    left join comparable as year_ago
        on
            dated.kpi_code = year_ago.kpi_code
            and dated.earlier_period = year_ago.period
            and dated.year_ago_start_on = year_ago.period_start_on
            and dated.shop_id = year_ago.shop_id
            and dated.dimension = year_ago.dimension
            and dated.dimension_value = year_ago.dimension_value
    left join comparable as counterpart
        on
            dated.kpi_code = counterpart.kpi_code
            and dated.period = counterpart.period
            and dated.counterpart_on = counterpart.period_start_on
            and dated.shop_id = counterpart.shop_id
            and dated.dimension = counterpart.dimension
            and dated.dimension_value = counterpart.dimension_value
)

select
    kpi_code,
    period,
    period_start_on,
    shop_id,
    dimension,
    dimension_value,
    numerator,
    value,
    earlier_period,
    case when previous_value is not null then previous_start_on end
        as previous_start_on,
    previous_end_on,
    previous_numerator,
    previous_value,
    value / nullif(previous_value, 0) - 1 as previous_change,
    case when is_rate then 100 * (value - previous_value) end as previous_points,
    case when year_ago_value is not null then year_ago_start_on end
        as year_ago_start_on,
    year_ago_end_on,
    year_ago_numerator,
    year_ago_value,
    value / nullif(year_ago_value, 0) - 1 as year_ago_change,
    case when is_rate then 100 * (value - year_ago_value) end as year_ago_points,
    festival,
    counterpart_on as festival_twin_on,
    festival_twin_value,
    value / nullif(festival_twin_value, 0) - 1 as festival_change,
    case when is_rate then 100 * (value - festival_twin_value) end as festival_points,
    case
        when not is_comparable then 'the period is cut'
        when previous_value is null and year_ago_value is null
            then 'no earlier period with a figure for the same days'
    end as comparison_gap,
    is_comparable and not is_in_progress as is_complete,
    is_final
from compared
