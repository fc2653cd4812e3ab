-- One row per shop id with stock and shop that the stock supplies. A shop id without
-- orders of its own, such as that of the brand, supplies all shops; others supply
-- themselves.
with inventory as (select * from {{ ref('stg_erp__inventory') }}),

orders as (select * from {{ ref('int_orders__orders') }}),

stock_shops as (
    select shop_id
    from inventory
    group by shop_id
),

selling_shops as (
    select shop_id
    from orders
    group by shop_id
)

select
    stock_shops.shop_id as stock_shop_id,
    stock_shops.shop_id,
    false as is_shared
from stock_shops
inner join selling_shops on stock_shops.shop_id = selling_shops.shop_id
union all
select
    stock_shops.shop_id as stock_shop_id,
    selling_shops.shop_id,
    true as is_shared
from stock_shops
anti join selling_shops as own_shops on stock_shops.shop_id = own_shops.shop_id
cross join selling_shops
