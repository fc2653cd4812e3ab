-- One row per basket and product, as numbers.
with basket_products as (select * from {{ ref('int_offers__basket_products') }}),

baskets as (select * from {{ ref('int_offers__baskets') }}),

products as (select * from {{ ref('int_offers__products') }})

select
    baskets.basket_number,
    products.product_number,
    products.is_frequent
from basket_products
inner join baskets on basket_products.order_key = baskets.order_key
inner join products on basket_products.product_key = products.product_key
