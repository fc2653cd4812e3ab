-- One row per session, with the channel to which it is attributed. A continued visit
-- and a return from a payment page keep the channel of the previous touch.
{{ config(
    materialized='kept', key='visitor_key', keys_from='int_sessions__changed_visitors',
    follows=['int_sessions__channel_map']
) }}
-- depends_on: {{ ref('int_sessions__changed_visitors') }}
-- A row of the channel map depends on its origin alone, and a new origin comes with
-- new sessions.
with activity as (select * from {{ needed(ref('int_sessions__session_activity')) }}),

channel_map as (select * from {{ ref('int_sessions__channel_map') }}),

policy as (select * from {{ ref('web_policy') }}),

session_origins as (
    select
        activity.session_key,
        activity.visitor_key,
        activity.utm_campaign,
        activity.started_at,
        coalesce(referrers.is_payment, false) as is_payment_return,
        case
            when referrers.is_payment then null
            when tags.channel is not null then tags.channel
            when activity.referrer_host = activity.entry_host then null
            when activity.referrer_host like '%.' || activity.entry_host then null
            when activity.entry_host like '%.' || activity.referrer_host then null
            else referrers.channel
        end as own_channel,
        lag(activity.ended_at) over (
            partition by activity.visitor_key
            order by activity.started_at, activity.session_key
        ) as previous_ended_at
    from activity
    left join channel_map as tags
        on
            tags.evidence = 'utm'
            and coalesce(activity.utm_source, '') = tags.origin
            and coalesce(activity.utm_medium, '') = tags.medium
    left join channel_map as referrers
        on
            referrers.evidence = 'referrer'
            and activity.referrer_host = referrers.origin
),

flagged_touches as (
    select
        session_origins.*,
        session_origins.own_channel is not null
        or session_origins.previous_ended_at is null
        or (
            not session_origins.is_payment_return
            and {{ seconds_between(
                'session_origins.previous_ended_at', 'session_origins.started_at'
            ) }} > policy.session_gap_minutes * 60
        ) as is_touch
    from session_origins
    cross join policy
),

touch_chains as (
    select
        *,
        sum(case when is_touch then 1 else 0 end) over (
            partition by visitor_key
            order by started_at, session_key
            rows between unbounded preceding and current row
        ) as touch_number
    from flagged_touches
)

select
    session_key,
    visitor_key,
    is_touch,
    is_payment_return,
    max(case when is_touch then coalesce(own_channel, 'direct') end) over (
        partition by visitor_key, touch_number
    ) as channel,
    max(case when is_touch and not is_payment_return then utm_campaign end) over (
        partition by visitor_key, touch_number
    ) as utm_campaign
from touch_chains
