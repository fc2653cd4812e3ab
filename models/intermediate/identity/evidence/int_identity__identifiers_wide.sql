-- One row per record that is read in this run, with a column per kind of identifier. A
-- view, because the values are in plain text.
{{ config(materialized='view') }}
with reread_records as (
    select * from {{ ref('int_identity__changed_records') }} where is_reread
),

crm_customers as (
    select feed.* from {{ ref('stg_crm__customers') }} as feed
    semi join reread_records
        on
            reread_records.record_type = 'crm'
            and feed.crm_customer_id = reread_records.record_id
),

erp_customers as (
    select feed.* from {{ ref('stg_erp__customers') }} as feed
    semi join reread_records
        on
            reread_records.record_type = 'erp'
            and feed.erp_customer_id = reread_records.record_id
),

buyers as (select * from {{ ref('int_identity__buyers') }}),

identifiers as (
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
from identifiers
