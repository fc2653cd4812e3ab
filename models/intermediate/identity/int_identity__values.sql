-- One row per record and identifier as the source wrote it; plain values, hence a view:
-- the next step keeps nothing but hashes.
{{ config(materialized='view') }}
with carriers as (select * from {{ ref('int_identity__carriers') }}),

records as (select * from {{ ref('int_identity__records') }}),

crm_identifiers as (select * from {{ ref('stg_crm__identifiers') }}),

links as (select * from {{ ref('identity_links') }}),

carried_ids as (
    select
        record_key,
        shop_id,
        case
            when column_name = 'platform_buyer_id' then buyer_id_type
            else column_name
        end as id_type,
        case
            when column_name = 'crm_customer_id' then crm_home
            when column_name = 'erp_customer_id' then erp_home
            when column_name = 'platform_buyer_id' then buyer_id_scope
            else ''
        end as id_scope,
        id_value,
        true as is_verified
    from carriers unpivot (
        id_value for column_name in (
            crm_customer_id, erp_customer_id, member_card_no, wx_unionid,
            phone, email, platform_buyer_id
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
),

operator_links as (
    select
        records.record_key,
        records.shop_id,
        'operator_link' as id_type,
        '' as id_scope,
        links.link as id_value,
        true as is_verified
    from links
    inner join records
        on
            links.record_type = records.record_type
            and links.source_system = records.source_system
            and links.shop_id = records.shop_id
            and links.record_id = records.record_id
)

select * from carried_ids
union all
select * from own_ids
union all
select * from listed_ids
union all
select * from operator_links
