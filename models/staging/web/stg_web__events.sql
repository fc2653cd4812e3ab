-- One row per event of a visitor on the shop's own site, app or mini-program.
with source as (select * from {{ source('web', 'events') }})

select
    md5(source_system || '|' || shop_id || '|' || visitor_id) as visitor_key,
    source_system,
    shop_id,
    event_id,
    {{ shop_date('event_at') }} as event_on,
    event_name,
    nullif(trim(session_id), '') as session_id,
    nullif(trim(crm_customer_id), '') as crm_customer_id,
    nullif(lower(trim(page_type)), '') as page_type,
    nullif(lower(trim(page_url)), '') as page_url,
    nullif(lower(trim(referrer_url)), '') as referrer_url,
    nullif(lower(trim(utm_source)), '') as utm_source,
    nullif(lower(trim(utm_medium)), '') as utm_medium,
    nullif(lower(trim(utm_campaign)), '') as utm_campaign,
    nullif(trim(search_term), '') as search_term,
    nullif(trim(product_id), '') as product_id,
    nullif(trim(order_id), '') as order_id,
    nullif(lower(trim(device_type)), '') as device_type,
    quantity,
    value_amount,
    nullif(upper(trim(currency)), '') as currency,
    event_at,
    _loaded_at as loaded_at
from source
