-- One row per CRM customer id that interactions, consents, reviews or leads quote, with
-- its customer: the record of the same system and shop, otherwise the only customer
-- that has this id in any CRM.
with interactions as (select * from {{ ref('stg_crm__interactions') }}),

consents as (select * from {{ ref('stg_crm__consents') }}),

reviews as (select * from {{ ref('stg_crm__reviews') }}),

leads as (select * from {{ ref('stg_crm__leads') }}),

customer_map as (select * from {{ ref('int_identity__customer_map') }}),

crm_map as (select * from customer_map where record_type = 'crm'),

-- Feeds quote the same customer many times: the union deduplicates.
feed_crm_ids as (
    select
        source_system,
        shop_id,
        crm_customer_id
    from interactions
    where crm_customer_id is not null
    union
    select
        source_system,
        shop_id,
        crm_customer_id
    from consents
    union
    select
        source_system,
        shop_id,
        crm_customer_id
    from reviews
    where crm_customer_id is not null
    union
    select
        source_system,
        shop_id,
        crm_customer_id
    from leads
    where crm_customer_id is not null
),

unambiguous_ids as (
    select
        record_id,
        min(customer_id) as customer_id
    from crm_map
    group by record_id
    having count(distinct customer_id) = 1
)

select
    feed_crm_ids.source_system,
    feed_crm_ids.shop_id,
    feed_crm_ids.crm_customer_id,
    coalesce(crm_map.customer_id, unambiguous_ids.customer_id) as customer_id
from feed_crm_ids
left join crm_map
    on
        feed_crm_ids.source_system = crm_map.source_system
        and feed_crm_ids.shop_id = crm_map.shop_id
        and feed_crm_ids.crm_customer_id = crm_map.record_id
left join unambiguous_ids on feed_crm_ids.crm_customer_id = unambiguous_ids.record_id
