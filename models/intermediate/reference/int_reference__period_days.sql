-- One row per day of the shop's history and period that contains it: the day itself,
-- its week from Monday on, its month, and the part of an earlier week or month that the
-- current one is compared with (`week_to_date`, `month_to_date`).
{{ config(materialized='compared') }}
with days as (select * from {{ ref('int_reference__days') }}),

to_date as (select * from {{ ref('int_reference__periods_to_date') }}),

periods (period) as (
    values
    ('day'),
    ('week'),
    ('month')
)

select
    days.day_on,
    periods.period,
    case periods.period
        when 'day' then days.day_on
        when 'week' then cast(date_trunc('week', days.day_on) as date)
        else cast(date_trunc('month', days.day_on) as date)
    end as period_start_on,
    case periods.period
        when 'day' then days.day_on
        when 'week' then cast(date_trunc('week', days.day_on) as date) + 6
        else last_day(days.day_on)
    end as period_end_on
from days
cross join periods
union all
select
    days.day_on,
    to_date.period || '_to_date' as period,
    to_date.earlier_start_on as period_start_on,
    to_date.earlier_end_on as period_end_on
from days
inner join to_date
    on days.day_on between to_date.earlier_start_on and to_date.earlier_end_on
