-- One row per product review, trimmed and dated.
with source as (select * from {{ source('crm', 'reviews') }})

select
    md5(source_system || '|' || shop_id || '|' || review_id) as review_key,
    source_system,
    shop_id,
    review_id,
    nullif(trim(customer_id), '') as crm_customer_id,
    nullif(trim(order_id), '') as order_id,
    nullif(trim(product_id), '') as product_id,
    rating,
    nullif(trim(body), '') as body,
    {{ shop_date('reviewed_at') }} as reviewed_on,
    reviewed_at
from source
