-- One row per customer and day on which the tag order_count_365 may change. Orders
-- of the last 365 days.
with windows as (select * from {{ ref('int_value__order_windows') }})

select
    customer_id,
    changed_on as valid_from_on,
    cast(order_count as string) as tag_value,
    cast(null as string) as evidence
from windows
