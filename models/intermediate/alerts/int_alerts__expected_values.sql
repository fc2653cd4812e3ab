-- One row per watched KPI and day, with the value that its own history predicts: the
-- level of the preceding weeks times the weekday factor. On a festival day it is the
-- level times the uplift of the counterpart day a year before; without a counterpart
-- there is no row.
with series as (select * from {{ ref('int_alerts__daily_series') }}),

levels as (select * from {{ ref('int_alerts__levels') }}),

weekdays as (select * from {{ ref('int_alerts__weekday_factors') }}),

days as (
    select
        series.*,
        levels.level_value * coalesce(weekdays.weekday_factor, 1) as ordinary_value
    from series
    inner join levels
        on series.kpi_code = levels.kpi_code and series.day_on = levels.day_on
    left join weekdays
        on series.kpi_code = weekdays.kpi_code and series.day_on = weekdays.day_on
)

select
    days.kpi_code,
    days.day_on,
    days.unit,
    days.case_count,
    days.value,
    days.is_ordinary,
    days.ordinary_value
    * case
        when days.is_ordinary then 1
        else counterparts.value / counterparts.ordinary_value
    end as expected_value
from days
left join days as counterparts
    on
        days.kpi_code = counterparts.kpi_code
        and days.counterpart_on = counterparts.day_on
where
    days.ordinary_value > 0
    and (
        days.is_ordinary
        or (counterparts.value > 0 and counterparts.ordinary_value > 0)
    )
