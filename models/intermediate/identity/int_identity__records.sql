-- One row per record to resolve: CRM customers, ERP buyers and the sets of identifiers
-- that orders carry, with the time at which the business first saw it.
with crm_customers as (select * from {{ ref('stg_crm__customers') }}),

crm_identifiers as (select * from {{ ref('stg_crm__identifiers') }}),

erp_customers as (select * from {{ ref('stg_erp__customers') }}),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

-- An SCRM may list identifiers of people whom no customer file describes.
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
        updated_at,
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
    min(seen_at) as first_seen_at
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
    created_at as first_seen_at
from erp_customers
union all
select
    buyer_key as record_key,
    'buyer' as record_type,
    source_system,
    shop_id,
    buyer_key as record_id,
    -- The buyer's own key is salted, and the same shop has the same ids in any home.
    min(order_key) as anchor_key,
    false as is_described,
    min(ordered_at) as first_seen_at
from order_buyers
group by buyer_key, source_system, shop_id
