-- One row per day, purchase unit and slice, with the net change in buyers and repeat
-- buyers of the trailing window. Every day of the shop has a row.
with spans as (select * from {{ ref('int_kpi__buyer_spans') }}),

days as (select * from {{ ref('int_reference__days') }}),

-- Each series has many spans; grouping deduplicates them.
series as (
    select
        purchase_unit,
        shop_id,
        dimension,
        dimension_value
    from spans
    group by purchase_unit, shop_id, dimension, dimension_value
),

changes as (
    select
        purchase_unit,
        shop_id,
        dimension,
        dimension_value,
        starts_on as day_on,
        1 as buyer_change,
        case when repeat_ends_on > starts_on then 1 else 0 end as repeat_buyer_change
    from spans
    union all
    select
        purchase_unit,
        shop_id,
        dimension,
        dimension_value,
        buyer_ends_on as day_on,
        -1 as buyer_change,
        0 as repeat_buyer_change
    from spans
    union all
    select
        purchase_unit,
        shop_id,
        dimension,
        dimension_value,
        repeat_ends_on as day_on,
        0 as buyer_change,
        -1 as repeat_buyer_change
    from spans
    where repeat_ends_on > starts_on
    union all
    -- Days without a change need a row, too.
    select
        series.purchase_unit,
        series.shop_id,
        series.dimension,
        series.dimension_value,
        days.day_on,
        0 as buyer_change,
        0 as repeat_buyer_change
    from days
    cross join series
)

select
    purchase_unit,
    shop_id,
    dimension,
    dimension_value,
    day_on,
    sum(buyer_change) as buyer_change,
    sum(repeat_buyer_change) as repeat_buyer_change
from changes
group by purchase_unit, shop_id, dimension, dimension_value, day_on
