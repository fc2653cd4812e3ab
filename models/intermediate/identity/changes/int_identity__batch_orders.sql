-- One row per order whose customer this run determines: its buyer is resolved in this
-- run, or the order landed and has no buyer.
with records_to_resolve as (
    select * from {{ ref('int_identity__records_to_resolve') }}
),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

landed_orders as (select * from {{ ref('int_identity__landed_orders') }})

select
    order_buyers.order_key,
    order_buyers.buyer_key,
    order_buyers.source_system,
    order_buyers.shop_id,
    order_buyers.order_id
from order_buyers
semi join records_to_resolve on order_buyers.buyer_key = records_to_resolve.record_key
union all
select
    order_key,
    buyer_key,
    source_system,
    shop_id,
    order_id
from landed_orders
where buyer_key is null
