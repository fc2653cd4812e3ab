-- One row per component of a bundle that is sold as one product.
with source as (select * from {{ source('erp', 'bundles') }})

select
    md5(source_system || '|' || shop_id || '|' || trim(bundle_id)) as bundle_key,
    md5(source_system || '|' || shop_id || '|' || trim(component_id)) as component_key,
    source_system,
    shop_id,
    trim(bundle_id) as bundle_id,
    trim(component_id) as component_id,
    quantity,
    share as price_rate,
    valid_from,
    valid_to,
    updated_at
from source
