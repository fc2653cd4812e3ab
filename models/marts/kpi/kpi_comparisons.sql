-- One row per KPI, period and slice with a value, compared with the previous period,
-- the period a year before (for days and weeks 364 days before, the same weekday) and,
-- for festival days, the same day of the festival a year before. A period in progress
-- is compared with the same days of the earlier one. A period that the history cuts is
-- not compared.
select
    kpi_code,
    period,
    period_start_on,
    shop_id,
    dimension,
    dimension_value,
    value,
    previous_start_on,
    previous_end_on,
    previous_value,
    previous_change,
    previous_points,
    year_ago_start_on,
    year_ago_end_on,
    year_ago_value,
    year_ago_change,
    year_ago_points,
    festival,
    festival_twin_on,
    festival_twin_value,
    festival_change,
    festival_points,
    comparison_gap,
    is_complete,
    is_final
from {{ ref('int_kpi__comparisons') }}
