-- One row per promotion, trimmed and keyed.
with source as (select * from {{ source('erp', 'promotions') }})

select
    md5(source_system || '|' || shop_id || '|' || promotion_id) as promotion_key,
    source_system,
    shop_id,
    promotion_id,
    nullif(trim(promotion_name), '') as promotion_name,
    promotion_type,
    funded_by,
    threshold_amount,
    discount_amount,
    nullif(upper(trim(currency)), '') as currency,
    discount_rate,
    starts_at,
    ends_at,
    updated_at
from source
