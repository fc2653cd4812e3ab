-- One row per day and slice, with the net change in active and lapsed customers, and
-- the number of customers who lapse. A customer lapses after `lapse_days` days without
-- a purchase. Every day of the shop has a row.
with purchases as (select * from {{ ref('int_kpi__purchases') }}),

days as (select * from {{ ref('int_reference__days') }}),

policy as (select * from {{ ref('kpi_policy') }}),

purchases_with_lapse as (
    select
        purchases.shop_id,
        purchases.dimension,
        purchases.dimension_value,
        purchases.paid_on,
        purchases.previous_paid_on is null as is_first,
        purchases.days_since_previous > policy.lapse_days as is_reactivated,
        purchases.next_paid_on is null
        or purchases.next_paid_on > purchases.paid_on + cast(policy.lapse_days as int)
            as is_followed_by_lapse,
        purchases.paid_on + cast(policy.lapse_days as int) + 1 as lapses_on
    from purchases
    cross join policy
    where purchases.purchase_unit = 'day'
),

-- Each series has many purchases; grouping deduplicates them.
series as (
    select
        shop_id,
        dimension,
        dimension_value
    from purchases_with_lapse
    group by shop_id, dimension, dimension_value
),

changes as (
    select
        shop_id,
        dimension,
        dimension_value,
        paid_on as day_on,
        1 as active_change,
        case when is_reactivated then -1 else 0 end as lapsed_change,
        0 as lapsed_count
    from purchases_with_lapse
    where is_first or is_reactivated
    union all
    select
        shop_id,
        dimension,
        dimension_value,
        lapses_on as day_on,
        -1 as active_change,
        1 as lapsed_change,
        1 as lapsed_count
    from purchases_with_lapse
    where is_followed_by_lapse
    union all
    select
        series.shop_id,
        series.dimension,
        series.dimension_value,
        days.day_on,
        0 as active_change,
        0 as lapsed_change,
        0 as lapsed_count
    from days
    cross join series
)

select
    shop_id,
    dimension,
    dimension_value,
    day_on,
    sum(active_change) as active_change,
    sum(lapsed_change) as lapsed_change,
    sum(lapsed_count) as lapsed_count
from changes
group by shop_id, dimension, dimension_value, day_on
