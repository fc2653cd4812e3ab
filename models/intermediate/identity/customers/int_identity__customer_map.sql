-- One row per CRM customer, ERP buyer and order with its customer. An order without a
-- usable identifier is an anonymous customer of its own. Kept between runs.
{{ config(
    materialized='kept', key='record_key', keys_from='int_identity__records_to_map'
) }}
-- depends_on: {{ ref('int_identity__records_to_map') }}
with batch_records as (select * from {{ ref('int_identity__batch_records') }}),

batch_orders as (select * from {{ ref('int_identity__batch_orders') }}),

assigned_customer_ids as (
    select * from {{ ref('int_identity__assigned_customer_ids') }}
)

select
    batch_records.record_type,
    batch_records.source_system,
    batch_records.shop_id,
    batch_records.record_id,
    batch_records.record_key,
    assigned_customer_ids.customer_id,
    false as is_anonymous
from batch_records
inner join assigned_customer_ids
    on batch_records.record_key = assigned_customer_ids.record_key
where batch_records.record_type <> 'buyer'
union all
select
    'order' as record_type,
    batch_orders.source_system,
    batch_orders.shop_id,
    batch_orders.order_id as record_id,
    batch_orders.order_key as record_key,
    -- A customer keeps the id that was made from an order when the order leaves it.
    coalesce(
        assigned_customer_ids.customer_id,
        'c' || md5('anonymous|' || batch_orders.order_key)
    ) as customer_id,
    assigned_customer_ids.customer_id is null as is_anonymous
from batch_orders
left join assigned_customer_ids
    on batch_orders.buyer_key = assigned_customer_ids.record_key
