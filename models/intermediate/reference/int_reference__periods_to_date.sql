-- One row per week or month in progress and basis of comparison (the period before, the
-- period a year ago): the same days of the earlier period. If the earlier month is
-- shorter, it ends with its last day.
with days as (select * from {{ ref('int_reference__days') }}),

last_day as (select max(day_on) as last_on from days),

in_progress as (
    select
        'week' as period,
        cast(date_trunc('week', last_on) as date) as period_start_on,
        last_on
    from last_day
    where last_on < cast(date_trunc('week', last_on) as date) + 6
    union all
    select
        'month' as period,
        cast(date_trunc('month', last_on) as date) as period_start_on,
        last_on
    from last_day
    where last_on < last_day(last_on)
),

earlier as (
    select
        *,
        'previous' as basis,
        {{ period_before('period', 'period_start_on') }} as earlier_start_on
    from in_progress
    union all
    select
        *,
        'year_ago' as basis,
        {{ period_a_year_ago('period', 'period_start_on') }} as earlier_start_on
    from in_progress
)

select
    period,
    period_start_on,
    basis,
    earlier_start_on,
    case
        when period = 'month'
            then
                least(
                    earlier_start_on
                    + cast({{ days_between('period_start_on', 'last_on') }} as int),
                    last_day(earlier_start_on)
                )
        else
            earlier_start_on
            + cast({{ days_between('period_start_on', 'last_on') }} as int)
    end as earlier_end_on
from earlier
