-- One row per record of this run with the customer id that it holds from earlier runs,
-- and one without a record for the number of the last change.
with affected as (select * from {{ ref('int_identity__affected') }}),

given as (
    {{ rows_of_last_run('int_identity__customer_ids', {
        'record_key': 'string', 'customer_id': 'string', 'generation': 'bigint'
    }, survives_refresh=true) }}
)

select
    given.record_key,
    max_by(given.customer_id, given.generation) as customer_id,
    max(given.generation) as generation
from given
semi join affected on given.record_key = affected.record_key
group by given.record_key
union all
select
    cast(null as string) as record_key,
    cast(null as string) as customer_id,
    coalesce(max(generation), 0) as generation
from given
