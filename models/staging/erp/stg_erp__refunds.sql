-- One row per refund request, trimmed, keyed and dated.
with source as (select * from {{ source('erp', 'refunds') }})

select
    md5(source_system || '|' || shop_id || '|' || refund_id) as refund_key,
    md5(
        source_system || '|' || shop_id || '|' || nullif(trim(order_id), '')
    ) as order_key,
    md5(
        source_system || '|' || shop_id || '|' || order_id
        || '|' || nullif(trim(line_id), '')
    ) as line_key,
    md5(
        source_system || '|' || shop_id || '|' || nullif(trim(product_id), '')
    ) as product_key,
    source_system,
    shop_id,
    refund_id,
    nullif(trim(order_id), '') as order_id,
    nullif(trim(line_id), '') as line_id,
    nullif(trim(product_id), '') as product_id,
    nullif(trim(customer_id), '') as erp_customer_id,
    coalesce(nullif(lower(trim(platform)), ''), source_system) as platform,
    status,
    refund_type,
    quantity,
    refunded_amount,
    nullif(upper(trim(currency)), '') as currency,
    nullif(trim(reason), '') as reason,
    {{ shop_date('coalesce(refunded_at, updated_at, requested_at)') }} as refunded_on,
    requested_at,
    refunded_at,
    updated_at,
    _loaded_at as loaded_at
from source
