-- Sessions that began on a payment page and nevertheless have a channel of their own.
{{ config(meta={'dagster': {'ref': {'name': 'int_sessions__sessions'}}}) }}
select sessions.session_key
from {{ ref('int_sessions__session_activity') }} as activity
inner join {{ ref('payment_referrers') }} as payments
    on
        activity.referrer_host = payments.host
        or activity.referrer_host like '%.' || payments.host
inner join {{ ref('int_sessions__sessions') }} as sessions
    on activity.session_key = sessions.session_key
where sessions.is_touch and sessions.channel <> 'direct'
