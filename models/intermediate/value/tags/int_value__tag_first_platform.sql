-- One row per customer and day on which the tag first_platform may change. The
-- platform of the first order.
with customers as (select * from {{ ref('int_value__customer_facts') }})

select
    customer_id,
    first_order_on as valid_from_on,
    first_platform as tag_value,
    'first order' as evidence
from customers
where first_platform is not null
