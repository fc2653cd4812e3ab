-- One row per identified customer, segment and membership that began by the as-of
-- day, as known now. `segment_history` states what was known before.
select
    segment_code,
    customer_id,
    entered_on,
    left_on,
    due_to_leave_on,
    is_member,
    entry_reason,
    exit_reason,
    rule_version
from {{ ref('int_value__segment_periods') }}
