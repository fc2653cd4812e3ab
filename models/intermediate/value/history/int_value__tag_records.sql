-- One row per tag period that a run recorded or withdrew. Rows are only appended, so
-- that it stays known what was known when.
{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    on_schema_change='append_new_columns', key='customer_id',
    keys_from='int_value__changed_customers', post_hook='{{ note_last_build() }}'
) }}
-- depends_on: {{ ref('int_value__changed_customers') }}
with intervals as (select * from {{ needed(ref('int_value__tag_intervals')) }}),

records as (
    select * from (
        {{ rows_of_last_run('int_value__tag_records', {
            'customer_id': 'string', 'tag_code': 'string', 'tag_value': 'string',
            'valid_from_on': 'date', 'valid_to_on': 'date', 'evidence': 'string',
            'is_withdrawn': 'boolean', 'recorded_at': 'timestamp'
        }, survives_refresh=true) }}
    ) as recorded
    where {{ is_needed('customer_id') }}
),

standing as (
    select
        customer_id,
        tag_code,
        tag_value,
        valid_from_on,
        valid_to_on,
        evidence
    from records
    group by
        customer_id, tag_code, tag_value, valid_from_on, valid_to_on, evidence
    having sum(case when is_withdrawn then -1 else 1 end) > 0
),

recorded_now as (
    select * from intervals
    except
    select * from standing
),

withdrawn_now as (
    select * from standing
    except
    select * from intervals
)

select
    *,
    false as is_withdrawn,
    {{ run_time() }} as recorded_at
from recorded_now
union all
select
    *,
    true as is_withdrawn,
    {{ run_time() }} as recorded_at
from withdrawn_now
