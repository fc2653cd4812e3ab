-- One row per month and slice, with every KPI as a column, for people and spreadsheets.
-- `kpi_values` holds the reason for each missing value.
with kpi_figures as (select * from {{ ref('int_kpi__figures') }} where period = 'month')

select
    period_start_on as month_on,
    shop_id,
    dimension,
    dimension_value,
    {{ kpi_columns() }}
from kpi_figures
group by period_start_on, shop_id, dimension, dimension_value
