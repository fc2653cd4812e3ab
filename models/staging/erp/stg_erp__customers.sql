-- One row per buyer record of an ERP or shop back office, trimmed and keyed.
with source as (select * from {{ source('erp', 'customers') }})

select
    md5('erp|' || source_system || '|' || shop_id || '|' || customer_id) as record_key,
    source_system,
    shop_id,
    customer_id as erp_customer_id,
    nullif(trim(member_card_no), '') as member_card_no,
    coalesce(nullif(lower(trim(platform)), ''), source_system) as platform,
    nullif(trim(platform_buyer_id), '') as platform_buyer_id,
    coalesce(
        nullif(lower(trim(buyer_id_type)), ''), 'platform_buyer_id'
    ) as buyer_id_type,
    coalesce(trim(buyer_id_scope), '') as buyer_id_scope,
    nullif(trim(full_name), '') as full_name,
    nullif(trim(phone), '') as phone,
    nullif(trim(email), '') as email,
    gender,
    birth_on,
    nullif(trim(country), '') as country,
    nullif(trim(province), '') as province,
    nullif(trim(city), '') as city,
    created_at,
    updated_at,
    _loaded_at as loaded_at
from source
