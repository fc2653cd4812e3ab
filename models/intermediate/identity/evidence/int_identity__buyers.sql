-- One row per buyer of orders (set of identifiers) that is read in this run. A view,
-- because the values are in plain text.
{{ config(materialized='view') }}
with orders as (
    select * from {{ ref('stg_erp__orders') }}
    where {{ landed_since_last_run(
        'erp.orders', ref('int_identity__run_scope')
    ) }}
),

landed_orders as (select * from {{ ref('int_identity__landed_orders') }}),

changed_records as (select * from {{ ref('int_identity__changed_records') }})

-- Orders repeat the identifiers of their buyer.
select distinct
    landed_orders.buyer_key,
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
inner join landed_orders on orders.order_key = landed_orders.order_key
semi join changed_records
    on
        landed_orders.buyer_key = changed_records.record_key
        and changed_records.is_reread
