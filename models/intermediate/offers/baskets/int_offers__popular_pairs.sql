-- One row per pair of the most frequent products, with the baskets that hold both and
-- those expected to do so, 0 if the products were never on sale together.
with items as (select * from {{ ref('int_offers__popular_items') }}),

expectations as (select * from {{ ref('int_offers__pair_expectations') }}),

policy as (select * from {{ ref('basket_policy') }}),

popular as (
    select products.*
    from {{ ref('int_offers__products') }} as products
    inner join policy on products.frequency_rank <= policy.repelling_products
),

counted as (
    select
        items.product_number as product_1_number,
        others.product_number as product_2_number,
        count(*) as basket_count
    from items
    inner join items as others
        on
            items.basket_number = others.basket_number
            and items.product_number < others.product_number
    group by items.product_number, others.product_number
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
    coalesce(expectations.adjusted_expected_count, 0) as adjusted_expected_count
from popular as products
inner join popular as others
    on
        products.product_number < others.product_number
        and products.compared_shop_id = others.compared_shop_id
left join counted
    on
        products.product_number = counted.product_1_number
        and others.product_number = counted.product_2_number
left join expectations
    on
        products.product_number = expectations.product_1_number
        and others.product_number = expectations.product_2_number
