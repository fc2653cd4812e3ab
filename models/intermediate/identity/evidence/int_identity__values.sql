-- One row per record and identifier as the source wrote it; plain values, hence a view:
-- the next step keeps nothing but hashes.
{{ config(materialized='view') }}
with read as (select * from {{ ref('int_identity__touched') }} where is_read),

carriers as (select * from {{ ref('int_identity__carriers') }}),

records as (
    select kept.* from {{ ref('int_identity__records') }} as kept
    semi join read on kept.record_key = read.record_key
),

quotes as (select * from {{ ref('int_identity__references') }}),

crm_identifiers as (
    select feed.* from {{ ref('stg_crm__identifiers') }} as feed
    semi join read
        on read.record_type = 'crm' and feed.crm_customer_id = read.record_id
),

carried_ids as (
    select
        record_key,
        shop_id,
        case
            when column_name = 'platform_buyer_id' then buyer_id_type
            else column_name
        end as id_type,
        case
            when column_name in ('crm_customer_id', 'erp_customer_id')
                then customer_id_scope
            when column_name = 'platform_buyer_id' then buyer_id_scope
            else ''
        end as id_scope,
        id_value,
        true as is_verified
    from carriers unpivot (
        id_value for column_name in (
            crm_customer_id, erp_customer_id, member_card_no, wx_unionid,
            phone, email, phone_and_name, email_and_name, full_name, birth_year,
            platform_buyer_id
        )
    )
),

own_ids as (
    select
        record_key,
        shop_id,
        record_type || '_customer_id' as id_type,
        source_system || '|' || shop_id as id_scope,
        record_id as id_value,
        true as is_verified
    from records
    where record_type <> 'buyer'
),

quoted_ids as (
    select
        record_key,
        shop_id,
        record_type || '_customer_id' as id_type,
        source_system || '|' || shop_id as id_scope,
        record_id as id_value,
        true as is_verified
    from quotes
),

listed_ids as (
    select
        record_key,
        shop_id,
        id_type,
        id_scope,
        id_value,
        is_verified
    from crm_identifiers
    where id_value is not null
)

select * from carried_ids
union all
select * from own_ids
union all
select * from quoted_ids
union all
select * from listed_ids
