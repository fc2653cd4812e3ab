-- One row per period in which a promotion runs, with its shop-local days.
with source as (select * from {{ source('erp', 'promotion_periods') }})

select
    source_system,
    shop_id,
    promotion_id,
    {{ shop_date('starts_at') }} as starts_on,
    -- The end is no longer part of the period: midnight ends the day before.
    {{ shop_date('ends_at - interval 1 second') }} as ends_on,
    starts_at,
    ends_at,
    updated_at
from source
where ends_at > starts_at
