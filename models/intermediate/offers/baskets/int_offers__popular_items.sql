-- One row per basket and product of the most frequent products.
with items as (select * from {{ ref('int_offers__basket_items') }}),

products as (select * from {{ ref('int_offers__products') }}),

policy as (select * from {{ ref('basket_policy') }})

select
    items.basket_number,
    items.product_number
from items
inner join products on items.product_number = products.product_number
inner join policy on products.frequency_rank <= policy.repelling_products
