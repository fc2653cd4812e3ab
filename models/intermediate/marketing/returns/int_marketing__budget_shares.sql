-- One row per shop and identified ad platform: its daily spend in the split of the
-- budget, the change of the orders per day, and the change of the value of all
-- platforms, each with its intervals.
with splits as (select * from {{ ref('int_marketing__budget_splits') }}),

returns as (
    select * from {{ ref('int_marketing__channel_returns') }} where state = 'ok'
),

lines as (
    select {{ lines_in('split_lines') }} as line
    from splits
),

cells as (
    select
        split_part(line, '|', 1) as name,
        cast(nullif(split_part(line, '|', 2), '') as double) as spend,
        cast(nullif(split_part(line, '|', 3), '') as double) as orders,
        cast(nullif(split_part(line, '|', 4), '') as double) as orders_low_80,
        cast(nullif(split_part(line, '|', 5), '') as double) as orders_high_80,
        cast(nullif(split_part(line, '|', 6), '') as double) as orders_low_95,
        cast(nullif(split_part(line, '|', 7), '') as double) as orders_high_95,
        cast(nullif(split_part(line, '|', 8), '') as double) as value_change,
        cast(nullif(split_part(line, '|', 9), '') as double) as value_low_80,
        cast(nullif(split_part(line, '|', 10), '') as double) as value_high_80,
        cast(nullif(split_part(line, '|', 11), '') as double) as value_low_95,
        cast(nullif(split_part(line, '|', 12), '') as double) as value_high_95
    from lines
)

select
    returns.shop_id,
    returns.ad_platform,
    cells.spend as split_spend,
    cells.orders,
    cells.orders_low_80,
    cells.orders_high_80,
    cells.orders_low_95,
    cells.orders_high_95,
    totals.value_change as total_value,
    totals.value_low_80 as total_value_low_80,
    totals.value_high_80 as total_value_high_80,
    totals.value_low_95 as total_value_low_95,
    totals.value_high_95 as total_value_high_95,
    count(*) over () as platform_count
from returns
inner join cells on returns.shop_id || ' ' || returns.ad_platform = cells.name
inner join cells as totals on totals.name = 'total'
