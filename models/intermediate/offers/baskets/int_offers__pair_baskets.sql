-- One row per basket and frequent pair of products in it.
with items as (
    select * from {{ ref('int_offers__basket_items') }} where is_frequent
),

pairs as (select * from {{ ref('int_offers__frequent_pairs') }})

select
    items.basket_number,
    items.product_number as product_1_number,
    others.product_number as product_2_number
from items
inner join items as others
    on
        items.basket_number = others.basket_number
        and items.product_number < others.product_number
inner join pairs
    on
        items.product_number = pairs.product_1_number
        and others.product_number = pairs.product_2_number
