-- One row per CRM customer, ERP buyer and order whose customer this run tells anew.
with affected as (select * from {{ ref('int_identity__affected') }}),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

arrived_orders as (select * from {{ ref('int_identity__arrived_orders') }})

select record_key
from affected
union
select order_buyers.order_key as record_key
from order_buyers
semi join affected on order_buyers.buyer_key = affected.record_key
union
select order_key as record_key
from arrived_orders
