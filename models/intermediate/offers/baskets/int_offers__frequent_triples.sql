-- One row per set of three products with the minimum support. Candidates are two
-- frequent pairs with the same first product whose other products are a frequent pair.
with pair_baskets as (select * from {{ ref('int_offers__pair_baskets') }}),

pairs as (select * from {{ ref('int_offers__frequent_pairs') }}),

products as (select * from {{ ref('int_offers__products') }}),

policy as (select * from {{ ref('basket_policy') }}),

candidates as (
    select
        pairs.product_1_number,
        pairs.product_2_number,
        others.product_2_number as product_3_number,
        products.least_basket_count
    from pairs
    inner join pairs as others
        on
            pairs.product_1_number = others.product_1_number
            and pairs.product_2_number < others.product_2_number
    inner join pairs as ends
        on
            pairs.product_2_number = ends.product_1_number
            and others.product_2_number = ends.product_2_number
    inner join products on pairs.product_1_number = products.product_number
    cross join policy
    where policy.most_size >= 3
),

counted as (
    select
        pair_baskets.product_1_number,
        pair_baskets.product_2_number,
        others.product_2_number as product_3_number,
        count(*) as basket_count
    from pair_baskets
    inner join pair_baskets as others
        on
            pair_baskets.basket_number = others.basket_number
            and pair_baskets.product_1_number = others.product_1_number
            and pair_baskets.product_2_number < others.product_2_number
    group by
        pair_baskets.product_1_number, pair_baskets.product_2_number,
        others.product_2_number
)

select
    candidates.product_1_number,
    candidates.product_2_number,
    candidates.product_3_number,
    counted.basket_count
from candidates
inner join counted
    on
        candidates.product_1_number = counted.product_1_number
        and candidates.product_2_number = counted.product_2_number
        and candidates.product_3_number = counted.product_3_number
where counted.basket_count >= candidates.least_basket_count
