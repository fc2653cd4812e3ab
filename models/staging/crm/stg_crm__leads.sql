-- One row per lead without names and identifiers, with shop-local days of its stages.
with source as (select * from {{ source('crm', 'leads') }})

select
    md5(source_system || '|' || shop_id || '|' || trim(lead_id)) as lead_key,
    source_system,
    shop_id,
    trim(lead_id) as lead_id,
    nullif(trim(customer_id), '') as crm_customer_id,
    nullif(lower(trim(channel)), '') as channel,
    nullif(trim(campaign_id), '') as campaign_id,
    stage,
    {{ shop_date('created_at') }} as created_on,
    {{ shop_date('contacted_at') }} as contacted_on,
    {{ shop_date('qualified_at') }} as qualified_on,
    {{ shop_date('converted_at') }} as converted_on,
    {{ shop_date('lost_at') }} as lost_on,
    nullif(trim(lost_reason), '') as lost_reason,
    nullif(trim(order_id), '') as order_id,
    value_amount,
    nullif(upper(trim(currency)), '') as currency,
    created_at,
    contacted_at,
    qualified_at,
    converted_at,
    lost_at,
    updated_at
from source
