-- One row per customer and day on which the tag first_offer may change. The
-- promotion of the first order, or full_price.
with customers as (select * from {{ ref('int_value__customer_facts') }})

select
    customer_id,
    first_order_on as valid_from_on,
    coalesce(first_promotion_id, 'full_price') as tag_value,
    'first order' as evidence
from customers
where first_order_on is not null
