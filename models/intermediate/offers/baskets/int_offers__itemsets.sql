-- One row per set of one to four products with the minimum support, numbers ascending;
-- 0 means no product.
with products as (select * from {{ ref('int_offers__products') }} where is_frequent),

pairs as (select * from {{ ref('int_offers__frequent_pairs') }}),

triples as (select * from {{ ref('int_offers__frequent_triples') }}),

quadruples as (select * from {{ ref('int_offers__frequent_quadruples') }})

select
    1 as item_count,
    product_number as product_1_number,
    0 as product_2_number,
    0 as product_3_number,
    0 as product_4_number,
    basket_count
from products
union all
select
    2 as item_count,
    product_1_number,
    product_2_number,
    0 as product_3_number,
    0 as product_4_number,
    basket_count
from pairs
union all
select
    3 as item_count,
    product_1_number,
    product_2_number,
    product_3_number,
    0 as product_4_number,
    basket_count
from triples
union all
select
    4 as item_count,
    product_1_number,
    product_2_number,
    product_3_number,
    product_4_number,
    basket_count
from quadruples
