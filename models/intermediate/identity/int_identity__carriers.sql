-- One row per record that has identifiers in columns of its own; plain values, hence a
-- view.
{{ config(materialized='view') }}
with crm_customers as (select * from {{ ref('stg_crm__customers') }}),

erp_customers as (select * from {{ ref('stg_erp__customers') }}),

buyers as (select * from {{ ref('int_identity__buyers') }})

select
    record_key,
    shop_id,
    cast(null as string) as crm_customer_id,
    cast(null as string) as crm_home,
    cast(null as string) as erp_customer_id,
    cast(null as string) as erp_home,
    member_card_no,
    wechat_unionid as wx_unionid,
    phone,
    email,
    cast(null as string) as platform_buyer_id,
    cast(null as string) as buyer_id_type,
    '' as buyer_id_scope
from crm_customers
union all
select
    record_key,
    shop_id,
    cast(null as string) as crm_customer_id,
    cast(null as string) as crm_home,
    cast(null as string) as erp_customer_id,
    cast(null as string) as erp_home,
    member_card_no,
    cast(null as string) as wx_unionid,
    phone,
    email,
    platform_buyer_id,
    buyer_id_type,
    buyer_id_scope
from erp_customers
union all
select
    buyer_key as record_key,
    shop_id,
    crm_customer_id,
    crm_home,
    erp_customer_id,
    erp_home,
    member_card_no,
    cast(null as string) as wx_unionid,
    phone,
    email,
    platform_buyer_id,
    buyer_id_type,
    buyer_id_scope
from buyers
