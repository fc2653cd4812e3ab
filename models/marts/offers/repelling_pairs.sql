-- One row per pair of frequent products that are bought together significantly less
-- often than expected, also pairs that were never bought together.
with pairs as (select * from {{ ref('int_offers__repelling_pairs') }}),

products as (select * from {{ ref('int_orders__products') }})

select
    pairs.product_1_key,
    pairs.product_2_key,
    products.product_name as product_1_name,
    others.product_name as product_2_name,
    pairs.compared_shop_id as shop_id,
    pairs.is_certain,
    pairs.basket_count,
    pairs.product_1_basket_count,
    pairs.product_2_basket_count,
    pairs.all_basket_count,
    pairs.expected_basket_count,
    pairs.lift,
    pairs.lift_low,
    pairs.lift_high,
    pairs.adjusted_expected_count,
    pairs.adjusted_ratio,
    pairs.adjusted_ratio_low,
    pairs.adjusted_ratio_high
from pairs
left join products on pairs.product_1_key = products.product_key
left join products as others on pairs.product_2_key = others.product_key
