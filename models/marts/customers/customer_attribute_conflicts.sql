-- One row per customer and attribute of which its records state different values, with
-- the value that is kept and the rule of the seed `survivorship` that keeps it.
with surviving_values as (select * from {{ ref('int_customers__surviving_values') }})

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
from surviving_values
where value_count > 1
