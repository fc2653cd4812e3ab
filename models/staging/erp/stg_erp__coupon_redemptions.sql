-- One row per coupon that was used for an order.
with source as (select * from {{ source('erp', 'coupon_redemptions') }})

select
    source_system,
    shop_id,
    trim(redemption_id) as redemption_id,
    trim(coupon_id) as coupon_id,
    md5(source_system || '|' || shop_id || '|' || order_id) as order_key,
    discount_amount,
    funded_by,
    nullif(upper(trim(currency)), '') as currency,
    {{ shop_date('issued_at') }} as issued_on,
    {{ shop_date('redeemed_at') }} as redeemed_on,
    issued_at,
    redeemed_at,
    updated_at
from source
