-- One row per record that this run sees anew, changed or gone; `is_read` where its
-- identifiers must be read again, as those of a set that orders carry never change.
-- Of CRM and ERP records, all that share an id are here or none.
with described as (select * from {{ ref('int_identity__arrived_records') }}),

stray_quotes as (select * from {{ ref('int_identity__stray_quotes') }}),

buyers as (select * from {{ ref('int_identity__touched_buyers') }}),

-- DuckDB writes out a CTE that is read twice, so a large table has one for each use.
past_records as (
    {{ rows_of_last_run('int_identity__records', {
        'record_key': 'string', 'record_type': 'string', 'record_id': 'string'
    }, survives_refresh=true) }}
),

other_records as (
    {{ rows_of_last_run('int_identity__records', {
        'record_key': 'string', 'record_type': 'string', 'record_id': 'string'
    }, survives_refresh=true) }}
),

run as (select bool_or(is_anew) as is_anew from {{ ref('int_identity__run') }}),

-- Whom an id means depends on all records of that id.
quoted as (
    select
        record_type,
        record_id
    from described
    union
    select
        record_type,
        record_id
    from stray_quotes
),

namesakes as (
    select past_records.*
    from past_records
    semi join quoted
        on
            past_records.record_type = quoted.record_type
            and past_records.record_id = quoted.record_id
),

-- Where everything is resolved anew, some of those who were there may be gone.
predecessors as (
    select other_records.*
    from other_records
    cross join run
    where run.is_anew
)

select
    record_key,
    record_type,
    record_id,
    true as is_read
from described
union
select
    record_key,
    record_type,
    record_id,
    true as is_read
from namesakes
union
select
    record_key,
    'buyer' as record_type,
    record_key as record_id,
    is_read
from buyers
union
select
    predecessors.record_key,
    predecessors.record_type,
    predecessors.record_id,
    true as is_read
from predecessors
anti join buyers on predecessors.record_key = buyers.record_key
