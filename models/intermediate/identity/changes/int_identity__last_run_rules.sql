-- One row per rule that was in force when this run resolved the records. Built last;
-- the next run compares its own rules with these.

-- Built last: a run that ends before it did not finish.
-- depends_on: {{ ref('int_identity__last_run_state') }}
with rules as (select * from {{ ref('int_identity__rules') }})

select rule
from rules
