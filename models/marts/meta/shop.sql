-- One row: the shop of this warehouse, its clock and currency, and the days that its
-- data cover.
with names as (
    select * from {{ shop_names() }}
),

days as (select * from {{ ref('int_reference__days') }})

select
    names.shop_id,
    names.en,
    names.zh,
    '{{ shop_timezone() }}' as timezone,
    '{{ shop_currency() }}' as currency,
    min(days.day_on) as first_on,
    max(days.day_on) as data_until_on
from names
cross join days
where names.shop_id = '{{ shop_code() }}'
group by names.shop_id, names.en, names.zh
