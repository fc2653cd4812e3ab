-- One row per set of identifiers that orders carry and that is read in this run; plain
-- values, hence a view.
{{ config(materialized='view') }}
with orders as (
    select * from {{ ref('stg_erp__orders') }}
    where {{ arrived('erp.orders') }}
),

arrived_orders as (select * from {{ ref('int_identity__arrived_orders') }}),

touched as (select * from {{ ref('int_identity__touched') }})

-- Orders repeat the identifiers of their buyer: one of each set is enough.
select distinct
    arrived_orders.buyer_key,
    orders.source_system,
    orders.shop_id,
    orders.erp_customer_id,
    orders.crm_customer_id,
    orders.member_card_no,
    orders.platform_buyer_id,
    orders.buyer_id_type,
    orders.buyer_id_scope,
    orders.phone,
    case
        when coalesce(orders.phone, orders.email) is not null then orders.receiver_name
    end as full_name,
    orders.email
from orders
inner join arrived_orders on orders.order_key = arrived_orders.order_key
semi join touched
    on arrived_orders.buyer_key = touched.record_key and touched.is_read
