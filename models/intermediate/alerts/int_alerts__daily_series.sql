-- One row per watched KPI and completed day of all shops, with its value, number of
-- cases, and whether the day is ordinary. Days of a festival and just after it are not
-- ordinary; their counterpart is the same day of the festival a year before.
with kpi_figures as (select * from {{ ref('int_kpi__figures') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }} where is_watched),

festival_days as (select * from {{ ref('int_reference__festival_days') }}),

as_of as (select * from {{ ref('int_reference__as_of') }})

select
    kpi_figures.kpi_code,
    kpi_figures.period_start_on as day_on,
    {{ days_between("date '2024-01-01'", 'kpi_figures.period_start_on') }} % 7
        as weekday,
    kpi_figures.value,
    -- A share of an amount is not a proportion of cases.
    case
        when catalogue.denominator like '%_amount' then 'ratio' else catalogue.unit
    end as unit,
    cast(kpi_figures.denominator as double) as case_count,
    festival_days.festival is null as is_ordinary,
    festival_days.counterpart_on
from kpi_figures
inner join catalogue on kpi_figures.kpi_code = catalogue.kpi_code
cross join as_of
left join festival_days on kpi_figures.period_start_on = festival_days.day_on
where
    kpi_figures.period = 'day'
    and kpi_figures.shop_id = 'all'
    and kpi_figures.dimension = 'all'
    and kpi_figures.value is not null
    and kpi_figures.period_start_on < as_of.as_of_on
