-- Every period of the history has exactly one row per code for all shops.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_values'}}}) }}
select
    periods.period,
    periods.period_start_on,
    catalogue.kpi_code,
    count(kpi_values.kpi_code) as row_count
from {{ ref('int_reference__periods') }} as periods
inner join {{ ref('kpi_catalogue') }} as catalogue
    on contains(';' || catalogue.periods || ';', ';' || periods.period || ';')
left join {{ ref('kpi_values') }} as kpi_values
    on
        periods.period = kpi_values.period
        and periods.period_start_on = kpi_values.period_start_on
        and catalogue.kpi_code = kpi_values.kpi_code
        and kpi_values.shop_id = 'all'
        and kpi_values.dimension = 'all'
group by periods.period, periods.period_start_on, catalogue.kpi_code
having count(kpi_values.kpi_code) <> 1
