-- One row per period and slice, with the customers who are active or lapsed at its
-- start, the customers who lapse in it, and the lapsed customers who buy again in it.
with lapse_days as (select * from {{ ref('int_kpi__lapse_days') }}),

purchases as (select * from {{ ref('int_kpi__purchases') }}),

policy as (select * from {{ ref('kpi_policy') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

running as (
    select
        *,
        coalesce(sum(active_change) over days_before, 0) as active_before_count,
        coalesce(sum(lapsed_change) over days_before, 0) as asleep_before_count
    from lapse_days
    window
        days_before as (
            partition by shop_id, dimension, dimension_value
            order by day_on
            rows between unbounded preceding and 1 preceding
        )
),

period_changes as (
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

-- A customer who lapses and returns within one period is not lapsed at its start.
reactivations as (
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
        purchases.purchase_unit = 'day'
        and purchases.previous_paid_on + cast(policy.lapse_days as int) + 1
        < calendar.period_start_on
    group by
        calendar.period, calendar.period_start_on, purchases.shop_id,
        purchases.dimension, purchases.dimension_value
)

select
    period_changes.period,
    period_changes.period_start_on,
    period_changes.shop_id,
    period_changes.dimension,
    period_changes.dimension_value,
    period_changes.active_before_count,
    period_changes.asleep_before_count,
    period_changes.lapsed_count,
    coalesce(reactivations.back_count, 0) as back_count
from period_changes
left join reactivations
    on
        period_changes.period = reactivations.period
        and period_changes.period_start_on = reactivations.period_start_on
        and period_changes.shop_id = reactivations.shop_id
        and period_changes.dimension = reactivations.dimension
        and period_changes.dimension_value = reactivations.dimension_value
