-- One row per day, stage before and stage after, with the customers who changed
-- between the stages of AIPL.
select
    day_on,
    from_stage,
    to_stage,
    customer_count
from {{ ref('int_value__aipl_flows') }}
