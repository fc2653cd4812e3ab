-- A KPI whose feed is not connected is NULL with that reason, never 0.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_values'}}}) }}
with lacking as (
    select
        feed,
        bool_or(is_connected) as is_connected
    from {{ ref('coverage') }}
    group by feed
)

select
    kpi_values.kpi_code,
    kpi_values.period,
    kpi_values.period_start_on,
    kpi_values.dimension_value,
    kpi_values.value,
    coverage.feed
from {{ ref('kpi_values') }} as kpi_values
inner join {{ ref('kpi_catalogue') }} as catalogue
    on kpi_values.kpi_code = catalogue.kpi_code
inner join lacking as coverage
    on contains(';' || catalogue.needs || ';', ';' || coverage.feed || ';')
inner join {{ ref('int_kpi__source_coverage') }} as needs on coverage.feed = needs.need
where
    not coverage.is_connected
    -- Orders may state refunds, and shop.yml may state that there are none.
    and not (coverage.feed = 'erp.refunds' and needs.is_connected)
    and kpi_values.evidence <> 'platform'
    and (
        kpi_values.value is not null
        or kpi_values.numerator is not null
        or kpi_values.coverage not like 'not %'
    )
