-- One row per visitor with a session or a login that changed since the sessions were
-- built last.
{{ config(materialized='changed_keys') }}
with changed_events as (
    select * from {{ changed_rows(ref('int_sessions__events')) }}
),

changed_activity as (
    select * from {{ changed_rows(ref('int_sessions__session_activity')) }}
),

changed_logins as (
    select * from {{ changed_rows(ref('int_sessions__session_customers')) }}
)

select visitor_key
from changed_events
union
select visitor_key
from changed_activity
union
select visitor_key
from changed_logins
