-- One row per customer and day on which the tag first_campaign may change. The
-- campaign of the last touch before the first order.
with customers as (select * from {{ ref('int_value__customer_facts') }})

select
    customer_id,
    first_order_on as valid_from_on,
    last_touch_utm_campaign as tag_value,
    'touch before the first order' as evidence
from customers
where last_touch_utm_campaign is not null
