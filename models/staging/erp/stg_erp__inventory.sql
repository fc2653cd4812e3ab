-- One row per product, place and day on which the stock was counted or exported.
-- Available units follow from units in stock and reserved ones if the export lacks
-- them.
with source as (select * from {{ source('erp', 'inventory') }})

select
    md5(source_system || '|' || shop_id || '|' || trim(product_id)) as product_key,
    case
        when trim(place_id) <> ''
            then md5(source_system || '|' || shop_id || '|' || trim(place_id))
    end as place_key,
    source_system,
    shop_id,
    trim(place_id) as place_id,
    trim(product_id) as product_id,
    counted_on,
    on_hand_quantity,
    cast(
        coalesce(available_quantity, on_hand_quantity - reserved_quantity)
        as decimal(18, 4)
    ) as available_quantity,
    reserved_quantity,
    in_transit_quantity,
    unit_cost,
    nullif(upper(trim(currency)), '') as currency,
    updated_at
from source
