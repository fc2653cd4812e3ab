-- One row per day, week and month with the earlier periods that it is compared with. A
-- period in progress is compared with the same days of the earlier period
-- (`week_to_date`, `month_to_date`).
with periods as (select * from {{ ref('int_reference__periods') }}),

festival_days as (
    select * from {{ ref('int_reference__festival_days') }} where is_within
)

select
    periods.period,
    periods.period_start_on,
    periods.period
    || case when periods.last_day_on < periods.period_end_on then '_to_date' else '' end
        as earlier_period,
    {{ period_before('periods.period', 'periods.period_start_on') }}
        as previous_start_on,
    {{ period_a_year_ago('periods.period', 'periods.period_start_on') }}
        as year_ago_start_on,
    festival_days.festival,
    festival_days.counterpart_on
from periods
left join festival_days
    on
        festival_days.day_on
        = case when periods.period = 'day' then periods.period_start_on end
where periods.period in ('day', 'week', 'month')
