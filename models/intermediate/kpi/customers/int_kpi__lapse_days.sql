-- One row per day and slice: how many customers became active, or lapsed because they
-- had not bought for so long; every day of the shop has a row.
with purchases as (select * from {{ ref('int_kpi__purchases') }}),

days as (select * from {{ ref('int_reference__days') }}),

policy as (select * from {{ ref('kpi_policy') }}),

spells as (
    select
        purchases.shop_id,
        purchases.dimension,
        purchases.dimension_value,
        purchases.paid_on,
        purchases.previous_paid_on is null as is_first,
        purchases.days_since_previous > policy.lapse_days as is_back,
        purchases.next_paid_on is null
        or purchases.next_paid_on > purchases.paid_on + cast(policy.lapse_days as int)
            as ends_here,
        purchases.paid_on + cast(policy.lapse_days as int) + 1 as lapses_on
    from purchases
    cross join policy
    where purchases.counted = 'day'
),

-- Every buyer has spells: grouping keeps each series once.
series as (
    select
        shop_id,
        dimension,
        dimension_value
    from spells
    group by shop_id, dimension, dimension_value
),

changes as (
    select
        shop_id,
        dimension,
        dimension_value,
        paid_on as day_on,
        1 as active_count,
        case when is_back then -1 else 0 end as asleep_count,
        0 as lapsed_count
    from spells
    where is_first or is_back
    union all
    select
        shop_id,
        dimension,
        dimension_value,
        lapses_on as day_on,
        -1 as active_count,
        1 as asleep_count,
        1 as lapsed_count
    from spells
    where ends_here
    union all
    select
        series.shop_id,
        series.dimension,
        series.dimension_value,
        days.day_on,
        0 as active_count,
        0 as asleep_count,
        0 as lapsed_count
    from days
    cross join series
)

select
    shop_id,
    dimension,
    dimension_value,
    day_on,
    sum(active_count) as active_count,
    sum(asleep_count) as asleep_count,
    sum(lapsed_count) as lapsed_count
from changes
group by shop_id, dimension, dimension_value, day_on
