-- One row per set of identifiers that orders of this run carry or carried before, with
-- `is_read` where it must be read: it is new, or gone.
with arrived_orders as (select * from {{ ref('int_identity__arrived_orders') }}),

past_orders as (
    {{ rows_of_last_run('int_identity__order_buyers', {
        'order_key': 'string', 'buyer_key': 'string'
    }) }}
),

-- DuckDB writes out a CTE that is read twice, so a large table has one for each use.
other_orders as (
    {{ rows_of_last_run('int_identity__order_buyers', {
        'order_key': 'string', 'buyer_key': 'string'
    }) }}
),

buyers as (
    select buyer_key as record_key
    from arrived_orders
    union
    select past_orders.buyer_key as record_key
    from past_orders
    semi join arrived_orders on past_orders.order_key = arrived_orders.order_key
),

-- Sets that other orders carry as before.
unchanged_buyers as (
    select other_orders.buyer_key
    from other_orders
    semi join buyers on other_orders.buyer_key = buyers.record_key
    anti join arrived_orders on other_orders.order_key = arrived_orders.order_key
    group by other_orders.buyer_key
)

select
    buyers.record_key,
    unchanged_buyers.buyer_key is null as is_read
from buyers
left join unchanged_buyers on buyers.record_key = unchanged_buyers.buyer_key
where buyers.record_key is not null
