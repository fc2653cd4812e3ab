-- One row per CRM customer id as a feed quotes it, with the customer: the record of
-- that very system, else the only customer whom any CRM calls so.
with interactions as (select * from {{ ref('stg_crm__interactions') }}),

consents as (select * from {{ ref('stg_crm__consents') }}),

reviews as (select * from {{ ref('stg_crm__reviews') }}),

customer_map as (select * from {{ ref('int_identity__customer_map') }}),

crm_map as (select * from customer_map where record_type = 'crm'),

-- Feeds quote the same customer many times: the union keeps one of each.
quotes as (
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
),

only_ones as (
    select
        record_id,
        min(customer_id) as customer_id
    from crm_map
    group by record_id
    having count(distinct customer_id) = 1
)

select
    quotes.source_system,
    quotes.shop_id,
    quotes.crm_customer_id,
    coalesce(crm_map.customer_id, only_ones.customer_id) as customer_id
from quotes
left join crm_map
    on
        quotes.source_system = crm_map.source_system
        and quotes.shop_id = crm_map.shop_id
        and quotes.crm_customer_id = crm_map.record_id
left join only_ones on quotes.crm_customer_id = only_ones.record_id
