-- NULL and a reason go together, and a value is what its own numerator and denominator
-- say.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_daily'}}}) }}
select
    kpi_daily.kpi_code,
    kpi_daily.kpi_on,
    kpi_daily.dimension_value,
    kpi_daily.value,
    kpi_daily.coverage
from {{ ref('kpi_daily') }} as kpi_daily
inner join {{ ref('kpi_catalogue') }} as catalogue
    on kpi_daily.kpi_code = catalogue.kpi_code
where
    (kpi_daily.value is null) <> (kpi_daily.coverage <> 'ok')
    or abs(
        kpi_daily.value
        - case
            when catalogue.aggregation = 'ratio'
                then
                    cast(kpi_daily.numerator as double) * catalogue.multiplier
                    / cast(kpi_daily.denominator as double)
            else cast(kpi_daily.numerator as double)
        end
    ) > 0.000001
