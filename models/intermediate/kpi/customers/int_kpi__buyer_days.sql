-- One row per day, way of counting and slice: how many become, or cease to be, buyers
-- and repeat buyers of the trailing window; every day of the shop has a row.
with spans as (select * from {{ ref('int_kpi__buyer_spans') }}),

days as (select * from {{ ref('int_reference__days') }}),

-- Every buyer has spans: grouping keeps each series once.
series as (
    select
        counted,
        shop_id,
        dimension,
        dimension_value
    from spans
    group by counted, shop_id, dimension, dimension_value
),

changes as (
    select
        counted,
        shop_id,
        dimension,
        dimension_value,
        starts_on as day_on,
        1 as buyers,
        case when repeat_ends_on > starts_on then 1 else 0 end as repeat_buyers
    from spans
    union all
    select
        counted,
        shop_id,
        dimension,
        dimension_value,
        buyer_ends_on as day_on,
        -1 as buyers,
        0 as repeat_buyers
    from spans
    union all
    select
        counted,
        shop_id,
        dimension,
        dimension_value,
        repeat_ends_on as day_on,
        0 as buyers,
        -1 as repeat_buyers
    from spans
    where repeat_ends_on > starts_on
    union all
    -- Every day needs a row, also those on which nothing changes.
    select
        series.counted,
        series.shop_id,
        series.dimension,
        series.dimension_value,
        days.day_on,
        0 as buyers,
        0 as repeat_buyers
    from days
    cross join series
)

select
    counted,
    shop_id,
    dimension,
    dimension_value,
    day_on,
    sum(buyers) as buyers,
    sum(repeat_buyers) as repeat_buyers
from changes
group by counted, shop_id, dimension, dimension_value, day_on
