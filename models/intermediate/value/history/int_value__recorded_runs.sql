-- One row per run that recorded tags, memberships and customers, with the as-of day
-- of its data. Rows are only appended.
{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    on_schema_change='append_new_columns'
) }}
select
    as_of_on,
    {{ run_time() }} as recorded_at
from {{ ref('int_reference__as_of') }}
