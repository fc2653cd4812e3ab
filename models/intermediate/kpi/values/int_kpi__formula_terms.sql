-- One row per KPI, side of its formula and measure in it, with the sign of the measure
-- and the attributes that its sum needs.
with catalogue as (select * from {{ ref('kpi_catalogue') }}),

positions (part) as (
    values
    (1),
    (2),
    (3)
),

parts as (
    select
        catalogue.kpi_code,
        'numerator' as role,
        split_part(catalogue.numerator, ';', positions.part) as part
    from catalogue
    cross join positions
    union all
    select
        catalogue.kpi_code,
        'denominator' as role,
        split_part(catalogue.denominator, ';', positions.part) as part
    from catalogue
    cross join positions
)

select
    parts.kpi_code,
    parts.role,
    replace(parts.part, '-', '') as measure,
    case when parts.part like '-%' then -1 else 1 end as sign,
    catalogue.usual_evidence,
    catalogue.aggregation = 'sum'
    and catalogue.additivity = 'none' as is_distinct_count,
    ';' || catalogue.periods || ';' as periods,
    ';all;' || coalesce(catalogue.dimensions || ';', '') as dimensions
from parts
inner join catalogue on parts.kpi_code = catalogue.kpi_code
where parts.part <> ''
