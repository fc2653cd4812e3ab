-- One row per day of the shop's history; a shop without any data has the one day
-- 1970-01-01, which every KPI explains.
with needs as (select * from {{ ref('int_kpi__source_coverage') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

bounds as (
    select
        coalesce(min(needs.first_on), date '1970-01-01') as first_on,
        coalesce(max(as_of.as_of_on), date '1970-01-01') as last_on
    from as_of
    left join needs
        on as_of.as_of_on >= needs.first_on and needs.is_daily
),

days as (
    select {{ days_from_to('first_on', 'last_on') }} as day
    from bounds
)

select cast(day as date) as kpi_on
from days
