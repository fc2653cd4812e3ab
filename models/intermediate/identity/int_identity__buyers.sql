-- One row per set of identifiers that orders carry, with the customer ids in it read as
-- the records that they mean; plain values, hence a view.
{{ config(materialized='view') }}
with orders as (select * from {{ ref('stg_erp__orders') }}),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

quotes as (select * from {{ ref('int_identity__references') }}),

-- Orders repeat the identifiers of their buyer: one of each set is enough.
buyers as (
    select distinct
        order_buyers.buyer_key,
        orders.source_system,
        orders.shop_id,
        orders.erp_customer_id,
        orders.crm_customer_id,
        orders.member_card_no,
        orders.platform_buyer_id,
        orders.buyer_id_type,
        orders.buyer_id_scope,
        orders.phone,
        orders.email
    from orders
    inner join order_buyers on orders.order_key = order_buyers.order_key
)

select
    buyers.buyer_key,
    buyers.shop_id,
    buyers.crm_customer_id,
    crm_quotes.home as crm_home,
    buyers.erp_customer_id,
    erp_quotes.home as erp_home,
    buyers.member_card_no,
    buyers.platform_buyer_id,
    buyers.buyer_id_type,
    buyers.buyer_id_scope,
    buyers.phone,
    buyers.email
from buyers
left join quotes as crm_quotes
    on
        crm_quotes.record_type = 'crm'
        and buyers.source_system = crm_quotes.source_system
        and buyers.shop_id = crm_quotes.shop_id
        and buyers.crm_customer_id = crm_quotes.record_id
left join quotes as erp_quotes
    on
        erp_quotes.record_type = 'erp'
        and buyers.source_system = erp_quotes.source_system
        and buyers.shop_id = erp_quotes.shop_id
        and buyers.erp_customer_id = erp_quotes.record_id
