-- One row per CRM customer, ERP buyer and order, with the customer that it belongs to;
-- an order that no usable identifier ties to anybody is a customer of its own.
with orders as (select * from {{ ref('stg_erp__orders') }}),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

records as (select * from {{ ref('int_identity__records') }}),

customer_ids as (select * from {{ ref('int_identity__current_ids') }})

select
    records.record_type,
    records.source_system,
    records.shop_id,
    records.record_id,
    records.record_key,
    customer_ids.customer_id,
    false as is_anonymous
from records
inner join customer_ids on records.record_key = customer_ids.record_key
where records.record_type <> 'buyer'
union all
select
    'order' as record_type,
    orders.source_system,
    orders.shop_id,
    orders.order_id as record_id,
    orders.order_key as record_key,
    coalesce(customer_ids.customer_id, 'c' || md5(orders.order_key)) as customer_id,
    customer_ids.customer_id is null as is_anonymous
from orders
left join order_buyers on orders.order_key = order_buyers.order_key
left join customer_ids on order_buyers.buyer_key = customer_ids.record_key
