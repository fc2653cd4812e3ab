-- One row per day of the shop's history with its week, month and festival, and its
-- distance from the as-of date. It is the time axis of the metrics.
with days as (select * from {{ ref('int_reference__days') }}),

festival_days as (select * from {{ ref('int_reference__festival_days') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

weeks as (
    select
        day_on,
        cast(date_trunc('week', day_on) as date) as week_on
    from days
)

select
    weeks.day_on,
    weeks.week_on,
    cast(date_trunc('month', weeks.day_on) as date) as month_on,
    cast(date_trunc('quarter', weeks.day_on) as date) as quarter_on,
    {{ days_between('weeks.week_on', 'weeks.day_on') }} + 1 as weekday,
    {{ days_between('weeks.week_on', 'weeks.day_on') }} >= 5 as is_weekend,
    case when festival_days.is_within then festival_days.festival end
        as festival,
    {{ days_between('weeks.day_on', 'as_of.as_of_on') }} as days_ago
from weeks
left join festival_days on weeks.day_on = festival_days.day_on
cross join as_of
