-- One row per pair of the most frequent products in one shop and month or several, with
-- the baskets that are expected to hold both, given the number of products in the
-- baskets of each shop and month. This allows for small baskets, products of one shop
-- only, and products that were on sale in different months.
with items as (select * from {{ ref('int_offers__popular_items') }}),

baskets as (select * from {{ ref('int_offers__baskets') }}),

-- A basket of k products has k - 1 companions of each product.
stratum_companions as (
    select
        shop_id,
        month_on,
        sum(product_count * (product_count - 1)) as companion_count
    from baskets
    group by shop_id, month_on
),

product_companions as (
    select
        items.product_number,
        baskets.shop_id,
        baskets.month_on,
        sum(baskets.product_count - 1) as companion_count
    from items
    inner join baskets on items.basket_number = baskets.basket_number
    group by items.product_number, baskets.shop_id, baskets.month_on
),

expected_in_strata as (
    select
        companions.product_number as product_1_number,
        others.product_number as product_2_number,
        -- Decimals, because a sum of doubles depends on the order of its rows.
        cast(
            cast(companions.companion_count as double) * others.companion_count
            / nullif(stratum_companions.companion_count, 0) as decimal(28, 10)
        ) as expected_count
    from product_companions as companions
    inner join product_companions as others
        on
            companions.shop_id = others.shop_id
            and companions.month_on = others.month_on
            and companions.product_number < others.product_number
    inner join stratum_companions
        on
            companions.shop_id = stratum_companions.shop_id
            and companions.month_on = stratum_companions.month_on
)

select
    product_1_number,
    product_2_number,
    cast({{ rounded('sum(expected_count)', 6) }} as double) as adjusted_expected_count
from expected_in_strata
group by product_1_number, product_2_number
