-- One row per pair of products with the minimum support, the smaller number first.
with items as (
    select * from {{ ref('int_offers__basket_items') }} where is_frequent
),

products as (select * from {{ ref('int_offers__products') }} where is_frequent),

policy as (select * from {{ ref('basket_policy') }}),

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
    counted.product_1_number,
    counted.product_2_number,
    counted.basket_count
from counted
inner join products on counted.product_1_number = products.product_number
cross join policy
where
    counted.basket_count >= products.least_basket_count
    and policy.most_size >= 2
