-- One row per period and slice: customers who were active or had lapsed when it began,
-- those of the active who lapsed in it, and those of the lapsed who came back.
with lapse_days as (select * from {{ ref('int_kpi__lapse_days') }}),

purchases as (select * from {{ ref('int_kpi__purchases') }}),

policy as (select * from {{ ref('kpi_policy') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

running as (
    select
        *,
        coalesce(sum(active_count) over before_it, 0) as active_before_count,
        coalesce(sum(asleep_count) over before_it, 0) as asleep_before_count
    from lapse_days
    window
        before_it as (
            partition by shop_id, dimension, dimension_value
            order by day_on
            rows between unbounded preceding and 1 preceding
        )
),

moves as (
    select
        calendar.period,
        calendar.period_start_on,
        running.shop_id,
        running.dimension,
        running.dimension_value,
        min_by(running.active_before_count, running.day_on) as active_before_count,
        min_by(running.asleep_before_count, running.day_on) as asleep_before_count,
        sum(running.lapsed_count) as lapsed_count
    from running
    inner join calendar on running.day_on = calendar.day_on
    group by
        calendar.period, calendar.period_start_on, running.shop_id, running.dimension,
        running.dimension_value
),

-- Who lapses and returns within one period had not lapsed when it began.
returns as (
    select
        calendar.period,
        calendar.period_start_on,
        purchases.shop_id,
        purchases.dimension,
        purchases.dimension_value,
        count(*) as back_count
    from purchases
    inner join calendar on purchases.paid_on = calendar.day_on
    cross join policy
    where
        purchases.counted = 'day'
        and purchases.previous_paid_on + cast(policy.lapse_days as int) + 1
        < calendar.period_start_on
    group by
        calendar.period, calendar.period_start_on, purchases.shop_id,
        purchases.dimension, purchases.dimension_value
)

select
    moves.period,
    moves.period_start_on,
    moves.shop_id,
    moves.dimension,
    moves.dimension_value,
    moves.active_before_count,
    moves.asleep_before_count,
    moves.lapsed_count,
    coalesce(returns.back_count, 0) as back_count
from moves
left join returns
    on
        moves.period = returns.period
        and moves.period_start_on = returns.period_start_on
        and moves.shop_id = returns.shop_id
        and moves.dimension = returns.dimension
        and moves.dimension_value = returns.dimension_value
