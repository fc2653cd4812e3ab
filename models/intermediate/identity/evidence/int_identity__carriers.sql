-- One row per record read in this run that has identifiers in columns of its own; plain
-- values, hence a view.
{{ config(materialized='view') }}
with read as (select * from {{ ref('int_identity__touched') }} where is_read),

crm_customers as (
    select feed.* from {{ ref('stg_crm__customers') }} as feed
    semi join read
        on read.record_type = 'crm' and feed.crm_customer_id = read.record_id
),

erp_customers as (
    select feed.* from {{ ref('stg_erp__customers') }} as feed
    semi join read
        on read.record_type = 'erp' and feed.erp_customer_id = read.record_id
),

buyers as (select * from {{ ref('int_identity__buyers') }}),

carriers as (
    select
        record_key,
        shop_id,
        cast(null as string) as crm_customer_id,
        cast(null as string) as erp_customer_id,
        '' as customer_id_scope,
        member_card_no,
        wechat_unionid as wx_unionid,
        phone,
        email,
        full_name,
        birth_on,
        cast(null as string) as platform_buyer_id,
        cast(null as string) as buyer_id_type,
        '' as buyer_id_scope
    from crm_customers
    union all
    select
        record_key,
        shop_id,
        cast(null as string) as crm_customer_id,
        cast(null as string) as erp_customer_id,
        '' as customer_id_scope,
        member_card_no,
        cast(null as string) as wx_unionid,
        phone,
        email,
        full_name,
        birth_on,
        platform_buyer_id,
        buyer_id_type,
        buyer_id_scope
    from erp_customers
    union all
    select
        buyer_key as record_key,
        shop_id,
        crm_customer_id,
        erp_customer_id,
        source_system || '|' || shop_id as customer_id_scope,
        member_card_no,
        cast(null as string) as wx_unionid,
        phone,
        email,
        full_name,
        cast(null as date) as birth_on,
        platform_buyer_id,
        buyer_id_type,
        buyer_id_scope
    from buyers
)

select
    *,
    phone || '|' || full_name as phone_and_name,
    email || '|' || full_name as email_and_name,
    cast(birth_on as string) as birth_year
from carriers
