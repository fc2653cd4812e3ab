-- One row per customer id that would be made from a record of this run, but that a
-- record outside this run holds.
with batch_records as (select * from {{ ref('int_identity__batch_records') }}),

assigned_ids as (
    {{ rows_of_last_run('int_identity__customer_ids', {
        'record_key': 'string', 'customer_id': 'string', 'generation': 'bigint'
    }, survives_refresh=true) }}
),

-- DuckDB materializes a CTE that is read twice; one CTE per use is cheaper.
ids_once_assigned as (
    {{ rows_of_last_run(
        'int_identity__customer_ids', {'record_key': 'string', 'customer_id': 'string'},
        survives_refresh=true
    ) }}
),

own_ids as (
    select 'c' || md5(anchor_key) as customer_id
    from batch_records
    group by anchor_key
),

candidate_holders as (
    select ids_once_assigned.record_key
    from ids_once_assigned
    semi join own_ids on ids_once_assigned.customer_id = own_ids.customer_id
    anti join batch_records on ids_once_assigned.record_key = batch_records.record_key
    group by ids_once_assigned.record_key
),

ranked_ids as (
    select
        assigned_ids.*,
        row_number() over (
            partition by assigned_ids.record_key order by assigned_ids.generation desc
        ) as recency
    from assigned_ids
    semi join candidate_holders
        on assigned_ids.record_key = candidate_holders.record_key
)

select ranked_ids.customer_id
from ranked_ids
semi join own_ids on ranked_ids.customer_id = own_ids.customer_id
where ranked_ids.recency = 1
group by ranked_ids.customer_id
