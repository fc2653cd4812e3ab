-- A KPI whose feed nobody delivers is NULL with that reason, never 0.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_daily'}}}) }}
select
    kpi_daily.kpi_code,
    kpi_daily.kpi_on,
    kpi_daily.dimension_value,
    kpi_daily.value,
    coverage.feed
from {{ ref('kpi_daily') }} as kpi_daily
inner join {{ ref('kpi_catalogue') }} as catalogue
    on kpi_daily.kpi_code = catalogue.kpi_code
inner join {{ ref('coverage') }} as coverage
    on ';' || catalogue.needs || ';' like '%;' || coverage.feed || ';%'
where
    not coverage.is_connected
    and kpi_daily.evidence <> 'platform'
    and (
        kpi_daily.value is not null
        or kpi_daily.numerator is not null
        or kpi_daily.coverage not like 'not %'
    )
