-- One row per customer and run that recorded another state of the customer, or that
-- the customer is gone. Rows are only appended, so that it stays known what was
-- known when.
{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    on_schema_change='append_new_columns'
) }}
-- noqa: disable=RF02,ST07
with states as (select * from {{ ref('int_value__customer_states') }}),

hashed as (
    select
        *,
        {{ row_hash('states') }} as row_hash
    from states
),

records as (
    {{ rows_of_last_run('int_value__customer_records', {
        'customer_id': 'string', 'row_hash': 'string', 'is_gone': 'boolean',
        'recorded_at': 'timestamp'
    }, survives_refresh=true) }}
),

last_records as (
    select * from records
    qualify row_number() over (
        partition by customer_id order by recorded_at desc
    ) = 1
),

changes as (
    select
        hashed.customer_id,
        false as is_gone,
        {{ run_time() }} as recorded_at
    from hashed
    left join last_records on hashed.customer_id = last_records.customer_id
    where
        last_records.customer_id is null
        or last_records.is_gone
        or last_records.row_hash <> hashed.row_hash
    union all
    select
        last_records.customer_id,
        true as is_gone,
        {{ run_time() }} as recorded_at
    from last_records
    anti join hashed on last_records.customer_id = hashed.customer_id
    where not last_records.is_gone
)

select *
from changes
left join hashed using (customer_id)
