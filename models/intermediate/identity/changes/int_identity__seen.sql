-- One row per feed that identity reads, as it was when this run had resolved it: what
-- the next run starts from.
-- depends_on: {{ ref('int_identity__persons') }}, {{ ref('int_identity__edges') }}
with run as (select * from {{ ref('int_identity__run') }}),

arrivals as (select * from {{ ref('int_identity__arrivals') }}),

customer_ids as (select * from {{ ref('int_identity__customer_ids') }}),

customer_map as (select * from {{ ref('int_identity__customer_map') }}),

last_change as (select max(generation) as generation from customer_ids),

-- The last of the tables that are kept.
mapped as (select count(*) as record_count from customer_map)

select
    arrivals.feed,
    arrivals.row_count,
    arrivals.last_loaded_at,
    run.run_number,
    run.is_anew,
    run.anew_reason,
    last_change.generation,
    mapped.record_count
from arrivals
inner join run on arrivals.feed = run.feed
cross join last_change
cross join mapped
