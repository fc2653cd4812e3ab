-- One row per service ticket, message thread or call, trimmed and dated.
with source as (select * from {{ source('crm', 'interactions') }})

select
    md5(
        source_system || '|' || shop_id || '|' || interaction_id
    ) as interaction_key,
    source_system,
    shop_id,
    interaction_id,
    nullif(trim(customer_id), '') as crm_customer_id,
    nullif(trim(order_id), '') as order_id,
    coalesce(interaction_type, 'other') as interaction_type,
    nullif(lower(trim(channel)), '') as channel,
    nullif(lower(trim(topic)), '') as topic,
    satisfaction_score,
    {{ shop_date('opened_at') }} as opened_on,
    opened_at,
    first_response_at,
    resolved_at,
    updated_at
from source
