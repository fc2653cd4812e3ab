-- One row per code and day for the shop as a whole, from the first day to the last.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_daily'}}}) }}
select
    days.kpi_on,
    catalogue.kpi_code,
    count(kpi_daily.kpi_code) as row_count
from {{ ref('int_kpi__days') }} as days
cross join {{ ref('kpi_catalogue') }} as catalogue
left join {{ ref('kpi_daily') }} as kpi_daily
    on
        days.kpi_on = kpi_daily.kpi_on
        and catalogue.kpi_code = kpi_daily.kpi_code
        and kpi_daily.dimension = 'all'
group by days.kpi_on, catalogue.kpi_code
having count(kpi_daily.kpi_code) <> 1
