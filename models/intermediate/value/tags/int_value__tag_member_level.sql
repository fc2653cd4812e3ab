-- One row per customer and day on which the tag member_level may change. The level
-- that the CRM states.
with customers as (select * from {{ ref('int_value__customer_facts') }})

select
    customer_id,
    known_from_on as valid_from_on,
    member_level as tag_value,
    'crm.customers' as evidence
from customers
where member_level is not null
