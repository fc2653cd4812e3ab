-- One row per customer, with the number of its records and identifiers and the
-- attributes of its profile.
{{ config(materialized='compared') }}
with identity as (select * from {{ ref('int_customers__identity') }}),

identifiers as (select * from {{ ref('int_customers__identifiers') }}),

profile as (select * from {{ ref('int_customers__profile') }})

select
    identity.customer_id,
    identity.is_anonymous,
    identity.identity_confidence,
    identity.has_identity_conflict,
    identity.has_crm,
    identity.has_erp,
    identity.crm_record_count,
    identity.erp_record_count,
    identity.placed_order_count,
    identity.source_system_count,
    coalesce(identifiers.identifier_count, 0) as identifier_count,
    coalesce(identifiers.phone_count, 0) as phone_count,
    coalesce(identifiers.email_count, 0) as email_count,
    coalesce(identifiers.member_card_count, 0) as member_card_count,
    coalesce(identifiers.platform_id_count, 0) as platform_id_count,
    coalesce(identifiers.has_phone, false) as has_phone,
    coalesce(identifiers.has_email, false) as has_email,
    profile.gender,
    coalesce(profile.has_gender_conflict, false) as has_gender_conflict,
    profile.marital_status,
    profile.birth_year,
    profile.country,
    profile.province,
    profile.city,
    profile.member_level,
    profile.points_balance,
    profile.registration_channel,
    profile.registered_on
from identity
left join identifiers on identity.customer_id = identifiers.customer_id
left join profile on identity.customer_id = profile.customer_id
