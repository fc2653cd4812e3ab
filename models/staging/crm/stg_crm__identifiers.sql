-- One row per identifier that a CRM or SCRM holds for a customer, trimmed and keyed.
with source as (select * from {{ source('crm', 'identifiers') }})

select
    md5('crm|' || source_system || '|' || shop_id || '|' || customer_id) as record_key,
    source_system,
    shop_id,
    customer_id as crm_customer_id,
    lower(trim(id_type)) as id_type,
    coalesce(trim(id_scope), '') as id_scope,
    nullif(trim(id_value), '') as id_value,
    coalesce(is_verified, true) as is_verified,
    updated_at,
    _loaded_at as loaded_at
from source
