-- One row per customer, with service cases, reviews and consents. The consent of a
-- channel without a decision is NULL, neither given nor refused.
with identity as (select * from {{ ref('int_customers__identity') }}),

service as (select * from {{ ref('int_customers__service_cases') }}),

reviews as (select * from {{ ref('int_customers__reviews') }}),

consents as (select * from {{ ref('int_customers__consents') }})

select
    identity.customer_id,
    coalesce(service.interaction_count, 0) as interaction_count,
    coalesce(service.ticket_count, 0) as ticket_count,
    coalesce(service.open_interaction_count, 0) as open_interaction_count,
    service.last_interaction_on,
    service.first_response_seconds,
    service.satisfaction_score,
    coalesce(reviews.review_count, 0) as review_count,
    reviews.average_rating,
    reviews.last_review_on,
    consents.has_sms_consent,
    consents.has_email_consent,
    consents.has_phone_consent,
    consents.has_wechat_consent,
    consents.has_app_push_consent,
    consents.has_mail_consent
from identity
left join service on identity.customer_id = service.customer_id
left join reviews on identity.customer_id = reviews.customer_id
left join consents on identity.customer_id = consents.customer_id
