-- One row per product of the shop, with the product that baskets count. Products of
-- several shops with the same id and name are one product, unless the policy asks for
-- figures per shop; ids alone may mean different products in different systems.
with products as (select * from {{ ref('int_orders__products') }}),

policy as (select * from {{ ref('basket_policy') }}),

identified as (
    select
        products.product_key,
        products.shop_id,
        products.product_name,
        policy.is_by_shop,
        case
            when policy.is_by_shop or products.product_name is null
                then products.product_key
            else products.product_id || '|' || lower(products.product_name)
        end as group_name
    from products
    cross join policy
)

select
    product_key,
    case when is_by_shop then shop_id else 'all' end as compared_shop_id,
    min(product_key) over (partition by group_name) as basket_product_key
from identified
