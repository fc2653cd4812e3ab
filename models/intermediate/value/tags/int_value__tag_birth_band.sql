-- One row per customer and day on which the tag birth_band may change. The decade of
-- the declared birth year.
with customers as (select * from {{ ref('int_value__customer_facts') }})

select
    customer_id,
    known_from_on as valid_from_on,
    cast(birth_year - birth_year % 10 as string) || 's' as tag_value,
    'declared' as evidence
from customers
where birth_year is not null
