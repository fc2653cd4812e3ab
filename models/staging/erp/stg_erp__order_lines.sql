-- One row per line of an order, trimmed and keyed.
with source as (select * from {{ source('erp', 'order_lines') }})

select
    md5(
        source_system || '|' || shop_id || '|' || order_id || '|' || line_id
    ) as line_key,
    md5(source_system || '|' || shop_id || '|' || order_id) as order_key,
    md5(
        source_system || '|' || shop_id || '|' || nullif(trim(product_id), '')
    ) as product_key,
    source_system,
    shop_id,
    order_id,
    line_id,
    nullif(trim(product_id), '') as product_id,
    nullif(trim(product_name), '') as product_name,
    line_kind,
    status,
    refund_status,
    quantity,
    unit_price,
    merchant_discount_amount,
    platform_discount_amount,
    paid_amount,
    refunded_amount,
    {{ shop_date('refunded_at') }} as refunded_on,
    unit_cost,
    nullif(upper(trim(currency)), '') as currency,
    coalesce(is_gift, false) as is_gift,
    nullif(trim(promotion_id), '') as promotion_id,
    updated_at,
    _loaded_at as loaded_at
from source
