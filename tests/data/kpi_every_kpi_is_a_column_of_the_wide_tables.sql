-- The columns of the wide tables are exactly the codes of the catalogue.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_catalogue'}}}) }}
with listed as ({{ kpi_columns(as_rows=true) }})

select coalesce(catalogue.kpi_code, listed.kpi_code) as kpi_code
from {{ ref('kpi_catalogue') }} as catalogue
full outer join listed on catalogue.kpi_code = listed.kpi_code
where catalogue.kpi_code is null or listed.kpi_code is null
