-- One row per entry of a settlement or bill, with its shop-local day.
with source as (select * from {{ source('erp', 'settlements') }})

select
    source_system,
    shop_id,
    trim(entry_id) as entry_id,
    nullif(trim(order_id), '') as order_id,
    nullif(trim(line_id), '') as line_id,
    entry_type,
    amount as entry_amount,
    nullif(upper(trim(currency)), '') as currency,
    {{ shop_date('settled_at') }} as settled_on,
    settled_at,
    updated_at
from source
