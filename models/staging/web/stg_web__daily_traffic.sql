-- One row per day, channel and product of the aggregated figures that a platform
-- reports.
with source as (select * from {{ source('web', 'daily_traffic') }})

select
    source_system,
    shop_id,
    traffic_on,
    coalesce(nullif(lower(trim(platform)), ''), 'unknown') as platform,
    nullif(lower(trim(channel)), '') as traffic_source,
    nullif(trim(product_id), '') as product_id,
    visitors,
    page_views,
    sessions,
    bounce_rate,
    favourite_visitors,
    cart_visitors,
    ordering_buyers,
    paying_buyers,
    paid_amount,
    nullif(upper(trim(currency)), '') as currency,
    updated_at,
    _loaded_at as loaded_at
from source
