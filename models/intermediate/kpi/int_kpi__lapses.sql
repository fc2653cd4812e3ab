-- One row per period and slice: customers who were active or had lapsed when it began,
-- those who lapsed in it, and those who came back.
with lapse_days as (select * from {{ ref('int_kpi__lapse_days') }}),

calendar as (select * from {{ ref('int_kpi__calendar') }}),

running as (
    select
        *,
        sum(active_count) over so_far - active_count as active_before_count,
        sum(asleep_count) over so_far - asleep_count as asleep_before_count
    from lapse_days
    window
        so_far as (
            partition by shop_id, dimension, dimension_value
            order by day_on
            rows between unbounded preceding and current row
        )
)

select
    calendar.period,
    calendar.period_start_on,
    running.shop_id,
    running.dimension,
    running.dimension_value,
    min_by(running.active_before_count, running.day_on) as active_before_count,
    min_by(running.asleep_before_count, running.day_on) as asleep_before_count,
    sum(running.lapsed_count) as lapsed_count,
    sum(running.back_count) as back_count
from running
inner join calendar on running.day_on = calendar.day_on
group by
    calendar.period, calendar.period_start_on, running.shop_id, running.dimension,
    running.dimension_value
