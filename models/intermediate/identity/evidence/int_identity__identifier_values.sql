-- One row per statement of a source that a record carries an identifier, with the value
-- as written; a statement may occur twice. A view, because the values are in plain
-- text: the tables that are built from it keep hashes only.
{{ config(materialized='view') }}
with reread_records as (
    select * from {{ ref('int_identity__changed_records') }} where is_reread
),

identifiers_wide as (select * from {{ ref('int_identity__identifiers_wide') }}),

records as (
    select kept.* from {{ ref('int_identity__records') }} as kept
    semi join reread_records on kept.record_key = reread_records.record_key
),

id_references as (select * from {{ ref('int_identity__customer_id_references') }}),

crm_identifiers as (
    select feed.* from {{ ref('stg_crm__identifiers') }} as feed
    semi join reread_records
        on
            reread_records.record_type = 'crm'
            and feed.crm_customer_id = reread_records.record_id
),

column_ids as (
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
    from identifiers_wide unpivot (
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

referenced_ids as (
    select
        record_key,
        shop_id,
        record_type || '_customer_id' as id_type,
        source_system || '|' || shop_id as id_scope,
        record_id as id_value,
        true as is_verified
    from id_references
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

select * from column_ids
union all
select * from own_ids
union all
select * from referenced_ids
union all
select * from listed_ids
