-- A rate of visitors, visits, orders, products or buyers lies between 0 and 1.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_values'}}}) }}
select
    kpi_values.kpi_code,
    kpi_values.period,
    kpi_values.period_start_on,
    kpi_values.dimension_value,
    kpi_values.value
from {{ ref('kpi_values') }} as kpi_values
inner join {{ ref('kpi_catalogue') }} as catalogue
    on kpi_values.kpi_code = catalogue.kpi_code
where
    catalogue.unit = 'rate'
    and catalogue.additivity = 'none'
    -- Refunds can exceed the sales of a period, and margins can be negative.
    and kpi_values.kpi_code not in (
        'refund_rate', 'refund_rate_order_date', 'refund_rate_cohort', 'ad_cost_ratio',
        'gross_margin_rate', 'contribution_margin_rate', 'discount_rate'
    )
    and kpi_values.evidence <> 'platform'
    and (kpi_values.value < 0 or kpi_values.value > 1)
