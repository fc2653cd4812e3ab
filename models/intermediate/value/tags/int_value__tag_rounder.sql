-- One row per customer and day on which the tag rounder may change. At least half of
-- the orders of the last 365 days lie just above the threshold of their promotion.
with windows as (select * from {{ ref('int_value__order_windows') }}),

policy as (select * from {{ ref('value_policy') }})

select
    windows.customer_id,
    windows.changed_on as valid_from_on,
    case
        when windows.order_count < 1 then 'none'
        when windows.filled_up_count >= policy.trait_share * windows.order_count
            then 'often'
        else 'seldom'
    end as tag_value,
    'orders ' || cast(windows.order_count as string) || ', of these '
    || cast(windows.filled_up_count as string) as evidence
from windows
cross join policy
