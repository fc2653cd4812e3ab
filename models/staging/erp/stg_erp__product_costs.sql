-- One row per product and first day of a unit cost.
with source as (select * from {{ source('erp', 'product_costs') }})

select
    md5(source_system || '|' || shop_id || '|' || trim(product_id)) as product_key,
    source_system,
    shop_id,
    trim(product_id) as product_id,
    valid_from,
    unit_cost,
    nullif(upper(trim(currency)), '') as currency,
    updated_at
from source
