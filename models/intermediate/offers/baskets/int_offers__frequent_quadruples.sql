-- One row per set of four products with the minimum support. Candidates are two
-- frequent triples with the same first two products whose last products are a frequent
-- pair. Baskets of a triple are counted again, because few baskets hold one.
with pair_baskets as (select * from {{ ref('int_offers__pair_baskets') }}),

pairs as (select * from {{ ref('int_offers__frequent_pairs') }}),

triples as (select * from {{ ref('int_offers__frequent_triples') }}),

products as (select * from {{ ref('int_offers__products') }}),

policy as (select * from {{ ref('basket_policy') }}),

candidates as (
    select
        triples.product_1_number,
        triples.product_2_number,
        triples.product_3_number,
        others.product_3_number as product_4_number,
        products.least_basket_count
    from triples
    inner join triples as others
        on
            triples.product_1_number = others.product_1_number
            and triples.product_2_number = others.product_2_number
            and triples.product_3_number < others.product_3_number
    inner join pairs
        on
            triples.product_3_number = pairs.product_1_number
            and others.product_3_number = pairs.product_2_number
    inner join products on triples.product_1_number = products.product_number
    cross join policy
    where policy.most_size >= 4
),

counted as (
    select
        candidates.product_1_number,
        candidates.product_2_number,
        candidates.product_3_number,
        candidates.product_4_number,
        candidates.least_basket_count,
        count(*) as basket_count
    from candidates
    inner join pair_baskets as starts
        on
            candidates.product_1_number = starts.product_1_number
            and candidates.product_2_number = starts.product_2_number
    inner join pair_baskets as ends
        on
            starts.basket_number = ends.basket_number
            and candidates.product_3_number = ends.product_1_number
            and candidates.product_4_number = ends.product_2_number
    group by
        candidates.product_1_number, candidates.product_2_number,
        candidates.product_3_number, candidates.product_4_number,
        candidates.least_basket_count
)

select
    product_1_number,
    product_2_number,
    product_3_number,
    product_4_number,
    basket_count
from counted
where basket_count >= least_basket_count
