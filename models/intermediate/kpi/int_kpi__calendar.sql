-- One row per day of the shop and period that it lies in: the day itself, its week from
-- Monday on, its month.
with days as (select * from {{ ref('int_kpi__days') }}),

periods (period) as (
    values
    ('day'),
    ('week'),
    ('month')
)

select
    days.kpi_on as day_on,
    periods.period,
    case periods.period
        when 'day' then days.kpi_on
        when 'week' then cast(date_trunc('week', days.kpi_on) as date)
        else cast(date_trunc('month', days.kpi_on) as date)
    end as period_start_on,
    case periods.period
        when 'day' then days.kpi_on
        when 'week' then cast(date_trunc('week', days.kpi_on) as date) + 6
        else last_day(days.kpi_on)
    end as period_end_on
from days
cross join periods
