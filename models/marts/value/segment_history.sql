-- One row per membership and time since which it is recorded, with the reason if it
-- was withdrawn later. A day in the future is a deadline.
select
    segment_code,
    customer_id,
    entered_on,
    left_on,
    rule_version,
    recorded_from_at,
    recorded_to_at,
    withdrawn_reason
from {{ ref('int_value__segment_history') }}
