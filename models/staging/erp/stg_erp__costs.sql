-- One row per cost of a period that belongs to no order. A period without an end is
-- one day.
with source as (select * from {{ source('erp', 'costs') }})

select
    case
        when trim(place_id) <> ''
            then md5(source_system || '|' || shop_id || '|' || trim(place_id))
    end as place_key,
    source_system,
    shop_id,
    cost_type,
    trim(place_id) as place_id,
    lower(trim(channel)) as channel,
    starts_on,
    coalesce(ends_on, starts_on) as ends_on,
    amount as cost_amount,
    nullif(upper(trim(currency)), '') as currency,
    updated_at
from source
