-- One row per buyer (set of identifiers) that the landed orders carry or carried in the
-- last run; `is_reread` if the buyer is new, no order carries it any more, or the run
-- is a full one.
with landed_orders as (select * from {{ ref('int_identity__landed_orders') }}),

past_orders as (
    {{ rows_of_last_run('int_identity__order_buyers', {
        'order_key': 'string', 'buyer_key': 'string'
    }) }}
),

-- DuckDB materializes a CTE that is read twice; one CTE per use is cheaper.
all_past_orders as (
    {{ rows_of_last_run('int_identity__order_buyers', {
        'order_key': 'string', 'buyer_key': 'string'
    }) }}
),

buyers as (
    select buyer_key as record_key
    from landed_orders
    union
    select past_orders.buyer_key as record_key
    from past_orders
    semi join landed_orders on past_orders.order_key = landed_orders.order_key
),

run_scope as (
    select bool_or(is_full_run) as is_full_run from {{ ref('int_identity__run_scope') }}
),

-- Buyers that other orders carry as in the last run. In a full run, an order of the
-- last run that has not landed was withdrawn, so it is no evidence of its buyer.
unchanged_buyers as (
    select all_past_orders.buyer_key
    from all_past_orders
    semi join buyers on all_past_orders.buyer_key = buyers.record_key
    anti join landed_orders on all_past_orders.order_key = landed_orders.order_key
    cross join run_scope
    where not run_scope.is_full_run
    group by all_past_orders.buyer_key
)

select
    buyers.record_key,
    unchanged_buyers.buyer_key is null as is_reread
from buyers
left join unchanged_buyers on buyers.record_key = unchanged_buyers.buyer_key
where buyers.record_key is not null
