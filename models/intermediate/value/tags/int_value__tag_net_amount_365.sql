-- One row per customer and day on which the tag net_amount_365 may change. Net
-- amount of the orders of the last 365 days.
with windows as (select * from {{ ref('int_value__order_windows') }})

select
    customer_id,
    changed_on as valid_from_on,
    cast(cast(net_amount as decimal(18, 2)) as string) as tag_value,
    cast(null as string) as evidence
from windows
