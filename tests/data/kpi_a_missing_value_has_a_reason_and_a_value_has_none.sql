-- A value is NULL exactly if its coverage holds a reason, and it equals its numerator
-- over its denominator.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_values'}}}) }}
select
    kpi_values.kpi_code,
    kpi_values.period,
    kpi_values.period_start_on,
    kpi_values.dimension_value,
    kpi_values.value,
    kpi_values.coverage
from {{ ref('kpi_values') }} as kpi_values
inner join {{ ref('kpi_catalogue') }} as catalogue
    on kpi_values.kpi_code = catalogue.kpi_code
where
    (kpi_values.value is null) <> (kpi_values.coverage <> 'ok')
    or abs(
        kpi_values.value
        - case
            when catalogue.aggregation = 'ratio'
                then
                    cast(kpi_values.numerator as double) * catalogue.multiplier
                    / cast(kpi_values.denominator as double)
            else cast(kpi_values.numerator as double)
        end
    ) > 0.000001
