-- One row per shop, bundle, component and period, with the units of the component. A
-- composition under a shop id without orders applies to all shops. A bundle that is
-- counted in stock itself is not listed, because it is packed beforehand.
with bundles as (select * from {{ ref('stg_erp__bundles') }}),

inventory as (select * from {{ ref('stg_erp__inventory') }}),

orders as (select * from {{ ref('int_orders__orders') }}),

selling_shops as (
    select shop_id
    from orders
    group by shop_id
),

packed as (
    select product_id
    from inventory
    group by product_id
),

bundle_shops as (
    select
        bundles.*,
        selling_shops.shop_id as selling_shop_id
    from bundles
    inner join selling_shops on bundles.shop_id = selling_shops.shop_id
    union all
    select
        bundles.*,
        selling_shops.shop_id as selling_shop_id
    from bundles
    anti join selling_shops as own_shops on bundles.shop_id = own_shops.shop_id
    cross join selling_shops
)

select
    bundle_shops.selling_shop_id as shop_id,
    bundle_shops.bundle_id,
    bundle_shops.component_id,
    coalesce(bundle_shops.valid_from, date '1900-01-01') as valid_from,
    coalesce(bundle_shops.valid_to, date '9999-12-31') as valid_to,
    max(bundle_shops.quantity) as quantity
from bundle_shops
anti join packed on bundle_shops.bundle_id = packed.product_id
group by
    bundle_shops.selling_shop_id, bundle_shops.bundle_id, bundle_shops.component_id,
    coalesce(bundle_shops.valid_from, date '1900-01-01'),
    coalesce(bundle_shops.valid_to, date '9999-12-31')
