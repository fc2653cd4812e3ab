-- One row per product in baskets, with the number of baskets that hold it and whether
-- it reaches the minimum support. Rare products have the small numbers, so that sets
-- that are extended at their end begin with products of few baskets.
with basket_products as (select * from {{ ref('int_offers__basket_products') }}),

baskets as (select * from {{ ref('int_offers__baskets') }}),

policy as (select * from {{ ref('basket_policy') }}),

totals as (
    select
        compared_shop_id,
        count(*) as all_basket_count
    from baskets
    group by compared_shop_id
),

counted as (
    select
        product_key,
        compared_shop_id,
        count(*) as basket_count
    from basket_products
    group by product_key, compared_shop_id
),

limits as (
    select
        totals.compared_shop_id,
        totals.all_basket_count,
        -- Decimals, because a product of doubles may lie just above a whole number.
        greatest(
            policy.least_count,
            cast(
                ceil(
                    cast(policy.least_rate as decimal(9, 6))
                    * cast(totals.all_basket_count as decimal(18, 0))
                ) as bigint
            )
        ) as least_basket_count
    from totals
    cross join policy
)

select
    cast(
        row_number() over (order by counted.basket_count, counted.product_key) as int
    ) as product_number,
    counted.product_key,
    counted.compared_shop_id,
    counted.basket_count,
    limits.all_basket_count,
    limits.least_basket_count,
    counted.basket_count >= limits.least_basket_count as is_frequent,
    row_number() over (
        partition by counted.compared_shop_id
        order by counted.basket_count desc, counted.product_key asc
    ) as frequency_rank
from counted
inner join limits on counted.compared_shop_id = limits.compared_shop_id
