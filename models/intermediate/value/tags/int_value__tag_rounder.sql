-- One row per customer and day on which the tag rounder may change. Orders of the
-- last 365 days that lie just above the threshold of their promotion: none, once or
-- often.
with windows as (select * from {{ ref('int_value__order_windows') }}),

policy as (select * from {{ ref('value_policy') }})

select
    windows.customer_id,
    windows.changed_on as valid_from_on,
    case
        when windows.order_count = 0 then 'none'
        when windows.filled_up_count >= policy.rounder_min_orders then 'often'
        when windows.filled_up_count > 0 then 'once'
        else 'seldom'
    end as tag_value,
    'orders ' || cast(windows.order_count as string) || ', of these '
    || cast(windows.filled_up_count as string) as evidence
from windows
cross join policy
