-- One row per order whose customer this run tells anew: its buyer is resolved, as that
-- of every order is which arrived, or it names none.
with affected as (select * from {{ ref('int_identity__affected') }}),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

arrived_orders as (select * from {{ ref('int_identity__arrived_orders') }})

select
    order_buyers.order_key,
    order_buyers.buyer_key,
    order_buyers.source_system,
    order_buyers.shop_id,
    order_buyers.order_id
from order_buyers
semi join affected on order_buyers.buyer_key = affected.record_key
union all
select
    order_key,
    buyer_key,
    source_system,
    shop_id,
    order_id
from arrived_orders
where buyer_key is null
