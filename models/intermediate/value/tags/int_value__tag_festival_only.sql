-- One row per customer and day on which the tag festival_only may change. All orders
-- of the last 365 days were placed at festivals, from two orders on.
with windows as (select * from {{ ref('int_value__order_windows') }}),

policy as (select * from {{ ref('value_policy') }})

select
    windows.customer_id,
    windows.changed_on as valid_from_on,
    case
        when windows.order_count < policy.festival_min_orders then 'none'
        when windows.festival_count = windows.order_count then 'yes'
        else 'no'
    end as tag_value,
    'orders ' || cast(windows.order_count as string) || ', at festivals '
    || cast(windows.festival_count as string) as evidence
from windows
cross join policy
