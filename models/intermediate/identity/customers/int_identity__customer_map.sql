-- One row per CRM customer, ERP buyer and order, with the customer that it belongs to;
-- an order that no usable identifier ties to anybody is a customer of its own.
{{ config(materialized='kept', key='record_key', redo='int_identity__remapped') }}
-- depends_on: {{ ref('int_identity__remapped') }}
with records as (select * from {{ ref('int_identity__open_records') }}),

orders as (select * from {{ ref('int_identity__open_orders') }}),

named as (select * from {{ ref('int_identity__named') }})

select
    records.record_type,
    records.source_system,
    records.shop_id,
    records.record_id,
    records.record_key,
    named.customer_id,
    false as is_anonymous
from records
inner join named on records.record_key = named.record_key
where records.record_type <> 'buyer'
union all
select
    'order' as record_type,
    orders.source_system,
    orders.shop_id,
    orders.order_id as record_id,
    orders.order_key as record_key,
    coalesce(
        named.customer_id, 'c' || md5(orders.order_key)
    ) as customer_id,
    named.customer_id is null as is_anonymous
from orders
left join named on orders.buyer_key = named.record_key
