-- One row per customer record of a CRM, trimmed and keyed.
with source as (select * from {{ source('crm', 'customers') }})

select
    md5('crm|' || source_system || '|' || shop_id || '|' || customer_id) as record_key,
    source_system,
    shop_id,
    customer_id as crm_customer_id,
    nullif(trim(member_card_no), '') as member_card_no,
    coalesce(
        nullif(trim(full_name), ''),
        nullif(trim(concat_ws(' ', given_name, family_name)), '')
    ) as full_name,
    nullif(trim(phone), '') as phone,
    nullif(trim(email), '') as email,
    nullif(trim(wechat_unionid), '') as wechat_unionid,
    gender,
    marital_status,
    birth_on,
    nullif(trim(country), '') as country,
    nullif(trim(province), '') as province,
    nullif(trim(city), '') as city,
    nullif(trim(member_level), '') as member_level,
    points_balance,
    nullif(lower(trim(registration_channel)), '') as registration_channel,
    registered_at,
    updated_at,
    _loaded_at as loaded_at
from source
