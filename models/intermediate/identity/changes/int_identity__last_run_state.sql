-- One row per feed that identity reads, as it was when this run had resolved it. The
-- next run starts from here, so this table is built after all tables that are kept.

-- Built after all tables that are kept.
-- depends_on: {{ ref('int_identity__persons') }}, {{ ref('int_identity__edges') }}
with run_scope as (select * from {{ ref('int_identity__run_scope') }}),

feed_state as (select * from {{ ref('int_identity__feed_state') }}),

customer_ids as (select * from {{ ref('int_identity__customer_ids') }}),

customer_map as (select * from {{ ref('int_identity__customer_map') }}),

last_change as (select max(generation) as generation from customer_ids),

-- Read so that the customer map is built first.
map_size as (select count(*) as record_count from customer_map)

select
    feed_state.feed,
    feed_state.row_count,
    feed_state.last_loaded_at,
    run_scope.run_number,
    run_scope.is_full_run,
    run_scope.full_run_reason,
    last_change.generation,
    map_size.record_count
from feed_state
inner join run_scope on feed_state.feed = run_scope.feed
cross join last_change
cross join map_size
