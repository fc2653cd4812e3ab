-- One row per marketing touch: a session that a channel started. Continued visits and
-- returns from a payment page are excluded.
{{ config(materialized='view') }}
with sessions as (select * from {{ ref('int_sessions__sessions') }})

select
    session_key,
    visitor_key,
    customer_id,
    source_system,
    shop_id,
    session_on as touched_on,
    channel,
    is_paid_channel,
    utm_campaign,
    started_at as touched_at
from sessions
where is_touch
