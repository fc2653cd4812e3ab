-- One row per record to resolve: CRM customers, ERP buyers, and the buyers of orders
-- (sets of identifiers), with the period in which the shop saw the record. A CRM record
-- has no end, because it is valid until the CRM changes it. Kept between runs.
{{ config(
    materialized='kept', key='record_key', keys_from='int_identity__changed_records'
) }}
with changed_records as (select * from {{ ref('int_identity__changed_records') }}),

crm_customers as (
    select feed.* from {{ ref('stg_crm__customers') }} as feed
    semi join changed_records as changed
        on changed.record_type = 'crm' and feed.crm_customer_id = changed.record_id
),

crm_identifiers as (
    select feed.* from {{ ref('stg_crm__identifiers') }} as feed
    semi join changed_records as changed
        on changed.record_type = 'crm' and feed.crm_customer_id = changed.record_id
),

erp_customers as (
    select feed.* from {{ ref('stg_erp__customers') }} as feed
    semi join changed_records as changed
        on changed.record_type = 'erp' and feed.erp_customer_id = changed.record_id
),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

-- A social CRM may list identifiers of people without a customer record.
crm_records as (
    select
        record_key,
        source_system,
        shop_id,
        crm_customer_id,
        registered_at as seen_at,
        true as is_described
    from crm_customers
    union all
    select
        record_key,
        source_system,
        shop_id,
        crm_customer_id,
        updated_at as seen_at,
        false as is_described
    from crm_identifiers
)

select
    record_key,
    'crm' as record_type,
    source_system,
    shop_id,
    crm_customer_id as record_id,
    record_key as anchor_key,
    bool_or(is_described) as is_described,
    min(seen_at) as first_seen_at,
    cast('9999-12-31' as timestamp) as last_seen_at
from crm_records
group by record_key, source_system, shop_id, crm_customer_id
union all
select
    record_key,
    'erp' as record_type,
    source_system,
    shop_id,
    erp_customer_id as record_id,
    record_key as anchor_key,
    true as is_described,
    created_at as first_seen_at,
    coalesce(updated_at, created_at) as last_seen_at
from erp_customers
union all
select
    order_buyers.buyer_key as record_key,
    'buyer' as record_type,
    order_buyers.source_system,
    order_buyers.shop_id,
    order_buyers.buyer_key as record_id,
    -- The first order: the buyer's own key is salted, and ids must be the same in every
    -- home. Exception: the id of a removed person must not follow from an order number.
    case
        when bool_or(order_buyers.is_forgotten) then order_buyers.buyer_key
        else split_part(
            min(
                cast(order_buyers.ordered_at as string) || '|' || order_buyers.order_key
            ),
            '|',
            2
        )
    end as anchor_key,
    false as is_described,
    min(order_buyers.ordered_at) as first_seen_at,
    max(order_buyers.ordered_at) as last_seen_at
from order_buyers
semi join changed_records on order_buyers.buyer_key = changed_records.record_key
group by order_buyers.buyer_key, order_buyers.source_system, order_buyers.shop_id
