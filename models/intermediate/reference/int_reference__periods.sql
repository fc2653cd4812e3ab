-- One row per day, week and month of the shop's history, and per part of one up to
-- date, with the first and last day that the history covers: the first and the last
-- period may be incomplete.
with calendar as (select * from {{ ref('int_reference__period_days') }})

select
    period,
    period_start_on,
    period_end_on,
    min(day_on) as first_day_on,
    max(day_on) as last_day_on
from calendar
group by period, period_start_on, period_end_on
