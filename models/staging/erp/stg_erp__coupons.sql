-- One row per batch of coupons that the shop issues under the same terms.
with source as (select * from {{ source('erp', 'coupons') }})

select
    source_system,
    shop_id,
    trim(coupon_id) as coupon_id,
    nullif(trim(coupon_name), '') as coupon_name,
    nullif(trim(promotion_id), '') as promotion_id,
    nullif(trim(channel), '') as channel,
    funded_by,
    threshold_amount,
    discount_amount,
    cast(issued_count as bigint) as issued_count,
    cost_amount,
    nullif(upper(trim(currency)), '') as currency,
    {{ shop_date('valid_from_at') }} as valid_from_on,
    {{ shop_date('valid_to_at - interval 1 second') }} as valid_to_on,
    valid_from_at,
    valid_to_at,
    updated_at
from source
