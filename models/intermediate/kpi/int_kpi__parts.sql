-- One row per KPI and measure that it adds to or takes from its numerator or
-- denominator.
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
    kpi_code,
    role,
    replace(part, '-', '') as measure,
    case when part like '-%' then -1 else 1 end as sign
from parts
where part <> ''
