-- One row per record of this run with the customer id that it holds from earlier runs,
-- and one without a record for the number of the last change.
with affected as (select * from {{ ref('int_identity__affected') }}),

given as (
    {{ rows_of_last_run('int_identity__customer_ids', {
        'record_key': 'string', 'customer_id': 'string', 'generation': 'bigint'
    }, survives_refresh=true) }}
),

-- DuckDB writes out a CTE that is read twice, so a large table has one for each use.
generations as (
    {{ rows_of_last_run(
        'int_identity__customer_ids', {'generation': 'bigint'}, survives_refresh=true
    ) }}
),

last_given as (
    select
        given.*,
        row_number() over (
            partition by given.record_key order by given.generation desc
        ) as age
    from given
    semi join affected on given.record_key = affected.record_key
)

select
    record_key,
    customer_id,
    generation
from last_given
where age = 1 and customer_id is not null
union all
select
    cast(null as string) as record_key,
    cast(null as string) as customer_id,
    coalesce(max(generation), 0) as generation
from generations
