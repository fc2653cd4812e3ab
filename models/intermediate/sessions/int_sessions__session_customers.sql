-- One row per session in which exactly one known customer was logged in. Other sessions
-- of the same device do not inherit the customer.
{{ config(materialized='compared') }}
with events as (select * from {{ ref('int_sessions__events') }}),

customer_map as (select * from {{ ref('int_identity__customer_map') }}),

-- A CRM id that two systems use for different customers is ambiguous and excluded.
logins as (
    select
        record_id as crm_customer_id,
        min(customer_id) as customer_id
    from customer_map
    where record_type = 'crm'
    group by record_id
    having count(distinct customer_id) = 1
),

session_logins as (
    select
        events.session_key,
        events.visitor_key,
        logins.customer_id,
        coalesce(logins.customer_id, events.crm_customer_id) as login_identity
    from events
    left join logins on events.crm_customer_id = logins.crm_customer_id
    where events.crm_customer_id is not null
)

select
    session_key,
    visitor_key,
    min(customer_id) as customer_id
from session_logins
group by session_key, visitor_key
having count(distinct login_identity) = 1 and min(customer_id) is not null
