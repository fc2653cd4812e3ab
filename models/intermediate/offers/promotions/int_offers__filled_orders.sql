-- One row per shop and promotion with a threshold that ran on known days, with the
-- orders that were filled up to the threshold: the excess of baskets just above it on
-- days of the promotion, against days on which no promotion comes or goes.
with promotions as (
    select * from {{ ref('int_offers__promotions') }}
    where threshold_amount > 0 and run_days > 0 and is_known
),

runs as (select * from {{ ref('int_offers__promotion_runs') }}),

days as (select * from {{ ref('int_offers__promotion_days') }}),

orders as (select * from {{ ref('int_orders__orders') }} where is_sale),

policy as (select * from {{ ref('promotion_policy') }}),

changing as (
    select distinct
        runs.shop_id,
        runs.day_on
    from runs
    inner join {{ ref('int_offers__promotions') }} as promotions
        on
            runs.shop_id = promotions.shop_id
            and runs.promotion_id = promotions.promotion_id
    where promotions.is_changing
),

baskets as (
    select
        promotions.shop_id,
        promotions.promotion_id,
        cast(
            floor(
                {{ rounded(
                    'orders.list_amount * policy.fill_bins / promotions.threshold_amount', 6
                ) }}
            ) as bigint
        ) as bin_number,
        case when runs.day_on is not null then 1 else 0 end as is_run,
        case when runs.day_on is null and changing.day_on is null then 1 else 0 end
            as is_other
    from promotions
    inner join days on promotions.shop_id = days.shop_id
    inner join orders
        on days.shop_id = orders.shop_id and days.day_on = orders.ordered_on
    left join runs
        on
            promotions.shop_id = runs.shop_id
            and promotions.promotion_id = runs.promotion_id
            and days.day_on = runs.day_on
    left join changing
        on days.shop_id = changing.shop_id and days.day_on = changing.day_on
    cross join policy
    where orders.list_amount >= 0
),

bins as (
    select
        shop_id,
        promotion_id,
        bin_number,
        cast(sum(is_run) as bigint) as run_count,
        cast(sum(is_other) as bigint) as other_count
    from baskets
    group by shop_id, promotion_id, bin_number
),

lists as (
    select
        shop_id,
        promotion_id,
        {{ values_of('bin_number') }} as bin_numbers,
        {{ values_of('run_count') }} as run_counts,
        {{ values_of('other_count') }} as other_counts
    from bins
    group by shop_id, promotion_id
),

fitted as (
    select
        lists.shop_id,
        lists.promotion_id,
        filled_orders(
            policy.fill_bins, cast(policy.fill_lowest_rate as double),
            cast(policy.fill_highest_rate as double),
            cast(policy.fill_from_rate as double),
            cast(policy.fill_to_rate as double), policy.least_order_count,
            lists.bin_numbers, lists.run_counts, lists.other_counts
        ) as filled_line
    from lists
    cross join policy
)

select
    shop_id,
    promotion_id,
    {{ estimates_in('filled_line', ['filled_orders'], 1) }}
from fitted
