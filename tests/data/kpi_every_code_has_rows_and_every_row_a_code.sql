-- Every code of the catalogue has rows, and every row has a code of the catalogue.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_values'}}}) }}
select
    coalesce(catalogue.kpi_code, rows_of_code.kpi_code) as kpi_code,
    case
        when rows_of_code.kpi_code is null then 'in the catalogue, without any row'
        else 'has rows, but is not in the catalogue'
    end as problem
from {{ ref('kpi_catalogue') }} as catalogue
full outer join (
    select distinct kpi_code
    from {{ ref('kpi_values') }}
) as rows_of_code
    on catalogue.kpi_code = rows_of_code.kpi_code
where catalogue.kpi_code is null or rows_of_code.kpi_code is null
