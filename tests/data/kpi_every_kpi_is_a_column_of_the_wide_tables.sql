-- The codes of the wide tables are those of the catalogue, no more and no fewer.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_daily'}}}) }}
with listed as ({{ kpi_columns(as_rows=true) }})

select coalesce(catalogue.kpi_code, listed.kpi_code) as kpi_code
from {{ ref('kpi_catalogue') }} as catalogue
full outer join listed on catalogue.kpi_code = listed.kpi_code
where catalogue.kpi_code is null or listed.kpi_code is null
