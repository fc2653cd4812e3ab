-- One row per event, with its session: the session id of the tracker, else a cut after
-- inactivity. No session crosses midnight of the shop, so that daily counts add up.
{{ config(
    materialized='kept', key='event_on', keys_from='int_sessions__changed_days',
    records_changes=true
) }}
-- depends_on: {{ ref('int_sessions__changed_days') }}
with events as (select * from {{ needed(ref('stg_web__events')) }}),

policy as (select * from {{ ref('web_policy') }}),

previous_events as (
    select
        *,
        lag(event_at) over (
            partition by visitor_key, event_on order by event_at, event_id
        ) as previous_event_at
    from events
    where session_id is null
),

inactivity_cuts as (
    select
        previous_events.*,
        sum(
            case
                when
                    {{ seconds_between(
                        'previous_events.previous_event_at', 'previous_events.event_at'
                    ) }} > policy.session_gap_minutes * 60 then 1
                else 0
            end
        ) over (
            partition by previous_events.visitor_key, previous_events.event_on
            order by previous_events.event_at, previous_events.event_id
            rows between unbounded preceding and current row
        ) as cut_number
    from previous_events
    cross join policy
),

labelled_events as (
    select
        *,
        cast(null as timestamp) as previous_event_at,
        cast(null as bigint) as cut_number
    from events
    where session_id is not null
    union all
    select *
    from inactivity_cuts
)

select
    md5(
        visitor_key || '|' || cast(event_on as string) || '|'
        || coalesce(session_id, 'cut ' || cast(cut_number as string))
    ) as session_key,
    visitor_key,
    source_system,
    shop_id,
    event_id,
    event_on,
    coalesce(session_id, 'cut ' || cast(cut_number as string)) as session_label,
    event_name,
    crm_customer_id,
    page_type,
    page_url,
    referrer_url,
    utm_source,
    utm_medium,
    utm_campaign,
    order_id,
    device_type,
    event_at
from labelled_events
