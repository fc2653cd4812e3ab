-- One row per run of this warehouse, with the as-of day of its data: what was known
-- then is what was recorded by its time.
select
    recorded_at,
    coalesce(as_of_on, date '1970-01-01') as as_of_on
from {{ ref('int_value__recorded_runs') }}
