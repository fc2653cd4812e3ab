-- One row per rule under which the last run resolved the records.
-- depends_on: {{ ref('int_identity__seen') }}
with rules as (select * from {{ ref('int_identity__rules') }})

select rule
from rules
