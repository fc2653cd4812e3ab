-- One row per customer and day on which the tag gender_declared may change. The
-- gender that the customer declared; it is never inferred.
with customers as (select * from {{ ref('int_value__customer_facts') }})

select
    customer_id,
    known_from_on as valid_from_on,
    gender as tag_value,
    'declared' as evidence
from customers
where gender is not null
