-- One row per CRM customer, ERP buyer and order, with the customer that it belongs to;
-- an order that no usable identifier ties to anybody is a customer of its own.
{{ config(materialized='kept', key='record_key', redo='int_identity__remapped') }}
with remapped as (select * from {{ ref('int_identity__remapped') }}),

order_buyers as (
    select kept.* from {{ ref('int_identity__order_buyers') }} as kept
    semi join remapped on kept.order_key = remapped.record_key
),

records as (
    select kept.* from {{ ref('int_identity__records') }} as kept
    semi join remapped on kept.record_key = remapped.record_key
),

customer_ids as (
    select kept.* from {{ ref('int_identity__current_ids') }} as kept
    semi join {{ ref('int_identity__affected') }} as affected
        on kept.record_key = affected.record_key
)

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
    order_buyers.source_system,
    order_buyers.shop_id,
    order_buyers.order_id as record_id,
    order_buyers.order_key as record_key,
    coalesce(
        customer_ids.customer_id, 'c' || md5(order_buyers.order_key)
    ) as customer_id,
    customer_ids.customer_id is null as is_anonymous
from order_buyers
left join customer_ids on order_buyers.buyer_key = customer_ids.record_key
