-- One row per pair of the most frequent products, with the baskets that hold both and
-- two expectations: of independent products, and given the number of products in the
-- baskets of each shop and month. The second one allows for small baskets, products of
-- one shop only, and products that were on sale in different months.
with items as (select * from {{ ref('int_offers__basket_items') }}),

baskets as (select * from {{ ref('int_offers__baskets') }}),

policy as (select * from {{ ref('basket_policy') }}),

popular as (
    select products.*
    from {{ ref('int_offers__products') }} as products
    inner join policy on products.frequency_rank <= policy.repelling_products
),

popular_items as (
    select
        items.basket_number,
        items.product_number
    from items
    inner join popular on items.product_number = popular.product_number
),

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
        popular_items.product_number,
        baskets.shop_id,
        baskets.month_on,
        sum(baskets.product_count - 1) as companion_count
    from popular_items
    inner join baskets on popular_items.basket_number = baskets.basket_number
    group by popular_items.product_number, baskets.shop_id, baskets.month_on
),

expected as (
    select
        companions.product_number as product_1_number,
        others.product_number as product_2_number,
        sum(
            cast(companions.companion_count as double) * others.companion_count
            / nullif(stratum_companions.companion_count, 0)
        ) as adjusted_expected_count
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
    group by companions.product_number, others.product_number
),

counted as (
    select
        popular_items.product_number as product_1_number,
        others.product_number as product_2_number,
        count(*) as basket_count
    from popular_items
    inner join popular_items as others
        on
            popular_items.basket_number = others.basket_number
            and popular_items.product_number < others.product_number
    group by popular_items.product_number, others.product_number
)

select
    products.product_number as product_1_number,
    others.product_number as product_2_number,
    products.product_key as product_1_key,
    others.product_key as product_2_key,
    products.compared_shop_id,
    coalesce(counted.basket_count, 0) as basket_count,
    products.basket_count as product_1_basket_count,
    others.basket_count as product_2_basket_count,
    products.all_basket_count,
    coalesce(expected.adjusted_expected_count, 0) as adjusted_expected_count
from popular as products
inner join popular as others
    on
        products.product_number < others.product_number
        and products.compared_shop_id = others.compared_shop_id
left join counted
    on
        products.product_number = counted.product_1_number
        and others.product_number = counted.product_2_number
left join expected
    on
        products.product_number = expected.product_1_number
        and others.product_number = expected.product_2_number
