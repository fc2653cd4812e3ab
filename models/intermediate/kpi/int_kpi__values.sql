-- One row per KPI, day and dimension that any source speaks of, and one per KPI and day
-- of the calendar for the shop as a whole, whether or not a source speaks of it.
with traffic as (select * from {{ ref('int_kpi__traffic') }}),

conversion as (select * from {{ ref('int_kpi__conversion') }}),

retention as (select * from {{ ref('int_kpi__retention') }}),

basket as (select * from {{ ref('int_kpi__basket') }}),

marketing as (select * from {{ ref('int_kpi__marketing') }}),

service as (select * from {{ ref('int_kpi__service') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

days as (select * from {{ ref('int_kpi__days') }}),

spoken as (
    select * from traffic
    union all
    select * from conversion
    union all
    select
        *,
        cast(null as string) as gap
    from retention
    union all
    select * from basket
    union all
    select * from marketing
    union all
    select
        *,
        cast(null as string) as gap
    from service
),

silent as (
    select
        catalogue.kpi_code,
        days.kpi_on,
        'all' as dimension,
        'all' as dimension_value,
        catalogue.usual_evidence as evidence,
        cast(0 as decimal(28, 4)) as numerator,
        cast(null as decimal(28, 4)) as denominator,
        cast(null as string) as gap
    from catalogue
    cross join days
    left join spoken
        on
            catalogue.kpi_code = spoken.kpi_code
            and days.kpi_on = spoken.kpi_on
            and spoken.dimension = 'all'
    where spoken.kpi_code is null
)

select spoken.*
from spoken
inner join days on spoken.kpi_on = days.kpi_on
union all
select * from silent
