-- One row per shop with a window, with the returns of its ad platforms as lines of
-- text, estimated by `ad_returns`.
with days as (select * from {{ ref('int_marketing__return_days') }}),

spend as (select * from {{ ref('int_marketing__return_spend') }}),

shop_values as (select * from {{ ref('int_marketing__return_values') }}),

rules as (select * from {{ ref('int_marketing__return_rules') }}),

day_lists as (
    select
        shop_id,
        {{ values_of('day_number') }} as day_numbers,
        {{ values_of('order_count') }} as order_counts,
        {{ values_of('cast(net_amount as double)') }} as net_amounts,
        {{ values_of('festival_phase') }} as festival_phases
    from days
    group by shop_id
),

spend_lists as (
    select
        shop_id,
        {{ values_of('day_number') }} as spend_days,
        {{ values_of('ad_platform') }} as ad_platforms,
        {{ values_of('cast(coalesce(spend_amount, -1) as double)') }} as spend_amounts
    from spend
    group by shop_id
)

select
    day_lists.shop_id,
    ad_returns(
        rules.rules, cast(shop_values.order_value as double), day_lists.day_numbers,
        day_lists.order_counts, day_lists.net_amounts, day_lists.festival_phases,
        spend_lists.spend_days, spend_lists.ad_platforms, spend_lists.spend_amounts
    ) as return_lines
from day_lists
inner join spend_lists on day_lists.shop_id = spend_lists.shop_id
inner join shop_values on day_lists.shop_id = shop_values.shop_id
cross join rules
