-- One row per place that sells or keeps goods: store, warehouse or online shop.
with source as (select * from {{ source('erp', 'places') }})

select
    md5(source_system || '|' || shop_id || '|' || trim(place_id)) as place_key,
    source_system,
    shop_id,
    trim(place_id) as place_id,
    nullif(trim(place_name), '') as place_name,
    place_type,
    nullif(trim(province), '') as province,
    nullif(trim(city), '') as city,
    opened_on,
    closed_on,
    is_active,
    updated_at
from source
