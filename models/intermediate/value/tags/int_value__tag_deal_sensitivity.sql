-- One row per customer and day on which the tag deal_sensitivity may change. Share
-- of the orders of the last 365 days with a promotion: none, some, or at least half.
with windows as (select * from {{ ref('int_value__order_windows') }}),

policy as (select * from {{ ref('value_policy') }})

select
    windows.customer_id,
    windows.changed_on as valid_from_on,
    case
        when windows.order_count = 0 then 'none'
        when windows.promoted_count >= policy.trait_share * windows.order_count
            then 'high'
        when windows.promoted_count > 0 then 'some'
        else 'low'
    end as tag_value,
    'orders ' || cast(windows.order_count as string) || ', promoted '
    || cast(windows.promoted_count as string) as evidence
from windows
cross join policy
