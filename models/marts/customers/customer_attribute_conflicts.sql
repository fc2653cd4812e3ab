-- One row per customer and attribute of which its records say different things, with
-- the value that counts and why.
with survivors as (select * from {{ ref('int_customers__survivors') }})

select
    customer_id,
    attribute,
    attribute_value as kept_value,
    rule,
    record_type as kept_from,
    cast(same_count as bigint) as kept_statement_count,
    cast(statement_count as bigint) as statement_count,
    cast(value_count as bigint) as value_count,
    source_count > 1 as is_between_sources
from survivors
where value_count > 1
