-- One row per record that is new, changed or removed since the last run; `is_reread` if
-- its identifiers must be read again. Identifiers of a buyer never change. CRM and ERP
-- records with the same id are listed together, because the meaning of an id depends on
-- all of its records.
with landed_records as (select * from {{ ref('int_identity__landed_records') }}),

unmatched_ids as (
    select * from {{ ref('int_identity__unmatched_order_customer_ids') }}
),

changed_buyers as (select * from {{ ref('int_identity__changed_buyers') }}),

-- DuckDB materializes a CTE that is read twice; one CTE per use is cheaper.
past_records as (
    {{ rows_of_last_run('int_identity__records', {
        'record_key': 'string', 'record_type': 'string', 'record_id': 'string'
    }, survives_refresh=true) }}
),

all_past_records as (
    {{ rows_of_last_run('int_identity__records', {
        'record_key': 'string', 'record_type': 'string', 'record_id': 'string'
    }, survives_refresh=true) }}
),

run_scope as (
    select bool_or(is_full_run) as is_full_run from {{ ref('int_identity__run_scope') }}
),

-- All records that share an id are reread together.
referenced_ids as (
    select
        record_type,
        record_id
    from landed_records
    union
    select
        record_type,
        record_id
    from unmatched_ids
),

records_of_same_id as (
    select past_records.*
    from past_records
    semi join referenced_ids
        on
            past_records.record_type = referenced_ids.record_type
            and past_records.record_id = referenced_ids.record_id
),

-- In a full run, every record of the last run may have been removed.
records_of_last_run as (
    select all_past_records.*
    from all_past_records
    cross join run_scope
    where run_scope.is_full_run
)

select
    record_key,
    record_type,
    record_id,
    true as is_reread
from landed_records
union
select
    record_key,
    record_type,
    record_id,
    true as is_reread
from records_of_same_id
union
select
    record_key,
    'buyer' as record_type,
    record_key as record_id,
    is_reread
from changed_buyers
union
select
    records_of_last_run.record_key,
    records_of_last_run.record_type,
    records_of_last_run.record_id,
    true as is_reread
from records_of_last_run
anti join changed_buyers on records_of_last_run.record_key = changed_buyers.record_key
