-- One row per order, whatever became of it, trimmed, keyed and dated.
with source as (select * from {{ source('erp', 'orders') }})

select
    md5(source_system || '|' || shop_id || '|' || order_id) as order_key,
    source_system,
    shop_id,
    order_id,
    coalesce(nullif(lower(trim(platform)), ''), source_system) as platform,
    nullif(trim(platform_order_id), '') as platform_order_id,
    nullif(lower(trim(sales_channel)), '') as sales_channel,
    nullif(trim(customer_id), '') as erp_customer_id,
    nullif(trim(crm_customer_id), '') as crm_customer_id,
    nullif(trim(member_card_no), '') as member_card_no,
    nullif(trim(platform_buyer_id), '') as platform_buyer_id,
    coalesce(
        nullif(lower(trim(buyer_id_type)), ''), 'platform_buyer_id'
    ) as buyer_id_type,
    coalesce(trim(buyer_id_scope), '') as buyer_id_scope,
    nullif(trim(phone), '') as phone,
    nullif(trim(email), '') as email,
    nullif(trim(country), '') as country,
    nullif(trim(province), '') as province,
    nullif(trim(city), '') as city,
    status,
    coalesce(order_type, 'normal') as order_type,
    nullif(upper(trim(currency)), '') as currency,
    list_amount,
    merchant_discount_amount,
    platform_discount_amount,
    shipping_amount,
    tax_amount,
    paid_amount,
    fee_amount,
    nullif(trim(promotion_id), '') as promotion_id,
    {{ shop_date('ordered_at') }} as ordered_on,
    {{ shop_date('paid_at') }} as paid_on,
    ordered_at,
    paid_at,
    shipped_at,
    completed_at,
    cancelled_at,
    updated_at
from source
