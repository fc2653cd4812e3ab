-- One row per membership that a run recorded or withdrew. Rows are only appended.
{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    on_schema_change='append_new_columns', key='customer_id',
    keys_from='int_value__changed_customers', post_hook='{{ note_last_build() }}'
) }}
-- depends_on: {{ ref('int_value__changed_customers') }}
with memberships as (select * from {{ needed(ref('int_value__memberships')) }}),

records as (
    select * from (
        {{ rows_of_last_run('int_value__membership_records', {
            'customer_id': 'string', 'segment_code': 'string', 'entered_on': 'date',
            'left_on': 'date', 'rule_version': 'bigint', 'is_withdrawn': 'boolean',
            'recorded_at': 'timestamp'
        }, survives_refresh=true) }}
    ) as recorded
    where {{ is_needed('customer_id') }}
),

standing as (
    select
        customer_id,
        segment_code,
        entered_on,
        left_on,
        rule_version
    from records
    group by customer_id, segment_code, entered_on, left_on, rule_version
    having sum(case when is_withdrawn then -1 else 1 end) > 0
),

recorded_now as (
    select * from memberships
    except
    select * from standing
),

withdrawn_now as (
    select * from standing
    except
    select * from memberships
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
