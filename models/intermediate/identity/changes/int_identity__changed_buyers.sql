-- One row per buyer (set of identifiers) that the landed orders carry or carried in the
-- last run; `is_reread` if the buyer is new or no order carries it any more.
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

-- Buyers that other orders carry as in the last run.
unchanged_buyers as (
    select all_past_orders.buyer_key
    from all_past_orders
    semi join buyers on all_past_orders.buyer_key = buyers.record_key
    anti join landed_orders on all_past_orders.order_key = landed_orders.order_key
    group by all_past_orders.buyer_key
)

select
    buyers.record_key,
    unchanged_buyers.buyer_key is null as is_reread
from buyers
left join unchanged_buyers on buyers.record_key = unchanged_buyers.buyer_key
where buyers.record_key is not null
