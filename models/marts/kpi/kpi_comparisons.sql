-- One row per KPI, period and slice with a figure, beside the period before, the one a
-- year ago (for days and weeks 364 days, the same weekday), and for days of a festival
-- the same day of the festival a year ago.
with kpi_values as (select * from {{ ref('kpi_values') }} where value is not null),

festival_days as (
    select * from {{ ref('int_kpi__festival_days') }} where is_within
),

dated as (
    select
        kpi_values.*,
        case kpi_values.period
            when 'day' then kpi_values.period_start_on - 1
            when 'week' then kpi_values.period_start_on - 7
            else cast(kpi_values.period_start_on - interval 1 month as date)
        end as previous_on,
        case
            when kpi_values.period = 'month'
                then cast(kpi_values.period_start_on - interval 1 year as date)
            else kpi_values.period_start_on - 364
        end as year_ago_on,
        festival_days.festival,
        festival_days.twin_on
    from kpi_values
    left join festival_days
        on
            festival_days.day_on
            = case when kpi_values.period = 'day' then kpi_values.period_start_on end
)

select
    dated.kpi_code,
    dated.period,
    dated.period_start_on,
    dated.shop_id,
    dated.dimension,
    dated.dimension_value,
    dated.value,
    previous.value as previous_value,
    dated.value / nullif(previous.value, 0) - 1 as previous_change,
    year_ago.value as year_ago_value,
    dated.value / nullif(year_ago.value, 0) - 1 as year_ago_change,
    dated.festival,
    dated.twin_on as festival_twin_on,
    twin.value as festival_twin_value,
    dated.value / nullif(twin.value, 0) - 1 as festival_change,
    dated.is_final
from dated
left join kpi_values as previous
    on
        dated.kpi_code = previous.kpi_code
        and dated.period = previous.period
        and dated.previous_on = previous.period_start_on
        and dated.shop_id = previous.shop_id
        and dated.dimension = previous.dimension
        and dated.dimension_value = previous.dimension_value
left join kpi_values as year_ago
    on
        dated.kpi_code = year_ago.kpi_code
        and dated.period = year_ago.period
        and dated.year_ago_on = year_ago.period_start_on
        and dated.shop_id = year_ago.shop_id
        and dated.dimension = year_ago.dimension
        and dated.dimension_value = year_ago.dimension_value
left join kpi_values as twin
    on
        dated.kpi_code = twin.kpi_code
        and dated.period = twin.period
        and dated.twin_on = twin.period_start_on
        and dated.shop_id = twin.shop_id
        and dated.dimension = twin.dimension
        and dated.dimension_value = twin.dimension_value
