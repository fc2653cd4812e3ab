-- One row per identified customer, tag, period and time since which the period is
-- recorded. Rows with `recorded_to_at` were withdrawn: they state what was known
-- before. A day in the future is a deadline.
select
    customer_id,
    tag_code,
    tag_value,
    valid_from_on,
    valid_to_on,
    recorded_from_at,
    recorded_to_at,
    evidence
from {{ ref('int_value__tags') }}
