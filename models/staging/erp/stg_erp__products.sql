-- One row per product, trimmed and keyed.
with source as (select * from {{ source('erp', 'products') }})

select
    md5(source_system || '|' || shop_id || '|' || product_id) as product_key,
    source_system,
    shop_id,
    product_id,
    nullif(trim(product_name), '') as product_name,
    nullif(trim(category), '') as category,
    nullif(trim(subcategory), '') as subcategory,
    nullif(trim(brand), '') as brand,
    list_price,
    unit_cost,
    nullif(upper(trim(currency)), '') as currency,
    is_active,
    launched_on,
    updated_at,
    _loaded_at as loaded_at
from source
