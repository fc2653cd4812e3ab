-- One row per record that this run resolves and that holds a customer id from earlier
-- runs, and one row without a record for the number of the last change.
with records_to_resolve as (
    select * from {{ ref('int_identity__records_to_resolve') }}
),

assigned_ids as (
    {{ rows_of_last_run('int_identity__customer_ids', {
        'record_key': 'string', 'customer_id': 'string', 'generation': 'bigint'
    }, survives_refresh=true) }}
),

-- DuckDB materializes a CTE that is read twice; one CTE per use is cheaper.
generations as (
    {{ rows_of_last_run(
        'int_identity__customer_ids', {'generation': 'bigint'}, survives_refresh=true
    ) }}
),

ranked_ids as (
    select
        assigned_ids.*,
        row_number() over (
            partition by assigned_ids.record_key order by assigned_ids.generation desc
        ) as recency
    from assigned_ids
    semi join records_to_resolve
        on assigned_ids.record_key = records_to_resolve.record_key
)

select
    record_key,
    customer_id,
    generation
from ranked_ids
where recency = 1 and customer_id is not null
union all
select
    cast(null as string) as record_key,
    cast(null as string) as customer_id,
    coalesce(max(generation), 0) as generation
from generations
