-- One row per session in which exactly one known customer was logged in; nobody
-- inherits a session of the same device.
with events as (select * from {{ ref('int_sessions__events') }}),

customer_map as (select * from {{ ref('int_identity__customer_map') }}),

-- An id that two CRM systems give to different people identifies nobody.
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
        logins.customer_id,
        coalesce(logins.customer_id, events.crm_customer_id) as person
    from events
    left join logins on events.crm_customer_id = logins.crm_customer_id
    where events.crm_customer_id is not null
)

select
    session_key,
    min(customer_id) as customer_id
from session_logins
group by session_key
having count(distinct person) = 1 and min(customer_id) is not null
