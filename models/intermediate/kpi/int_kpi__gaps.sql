-- One row per KPI and day with the reason why its sources cannot answer for that day,
-- if there is one, and the last day that all of them cover.
with catalogue as (select * from {{ ref('kpi_catalogue') }}),

needs as (select * from {{ ref('int_kpi__needs') }}),

days as (select * from {{ ref('int_kpi__days') }}),

needed as (
    select
        catalogue.kpi_code,
        needs.*
    from catalogue
    inner join needs
        on ';' || catalogue.needs || ';' like '%;' || needs.need || ';%'
),

answers as (
    select
        days.kpi_on,
        needed.kpi_code,
        needed.is_daily,
        needed.last_on,
        case
            when not needed.is_connected then needed.absence
            when needed.is_daily and days.kpi_on < needed.first_on
                then
                    'no data before ' || cast(needed.first_on as string)
                    || ': ' || needed.need
            when needed.is_daily and days.kpi_on > needed.last_on
                then
                    'no data after ' || cast(needed.last_on as string)
                    || ': ' || needed.need
        end as gap
    from days
    cross join needed
)

select
    kpi_code,
    kpi_on,
    -- 'not connected' sorts after 'no data', so the deeper reason is told.
    max(gap) as gap,
    min(case when is_daily then last_on end) as covered_until_on
from answers
group by kpi_code, kpi_on
