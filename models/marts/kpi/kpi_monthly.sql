-- One row per month and slice with every KPI as a column: for people and spreadsheets;
-- why a figure is missing is told in `kpi_values`.
with kpi_figures as (select * from {{ ref('int_kpi__figures') }} where period = 'month')

select
    period_start_on as month_on,
    shop_id,
    dimension,
    dimension_value,
    {{ kpi_columns() }}
from kpi_figures
group by period_start_on, shop_id, dimension, dimension_value
