-- One row per customer and day on which the tag identity_confidence may change. How
-- surely the records of the customer are one person.
with customers as (select * from {{ ref('int_value__customer_facts') }})

select
    customer_id,
    known_from_on as valid_from_on,
    identity_confidence as tag_value,
    'records' as evidence
from customers
where identity_confidence is not null
