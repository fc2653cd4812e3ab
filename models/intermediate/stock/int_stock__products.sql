-- One row per stock and product, with name, category and unit cost in shop currency.
-- The cost is NULL if the shops that the stock supplies state different ones.
with products as (select * from {{ ref('int_orders__products') }}),

pools as (select * from {{ ref('int_stock__pools') }})

select
    pools.stock_shop_id,
    products.product_id,
    min(products.product_name) as product_name,
    min(products.category) as category,
    min(products.launched_on) as launched_on,
    bool_or(products.is_active) as is_active,
    case
        when min(products.unit_cost) = max(products.unit_cost)
            then min(products.unit_cost)
    end as unit_cost
from products
inner join pools on products.shop_id = pools.shop_id
group by pools.stock_shop_id, products.product_id
