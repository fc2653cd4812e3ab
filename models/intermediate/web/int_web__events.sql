-- One row per event with its session: the tracker's, else cut by inactivity, and
-- never across midnight of the shop, so that days add up.
with events as (select * from {{ ref('stg_web__events') }}),

policy as (select * from {{ ref('web_policy') }}),

predecessors as (
    select
        *,
        lag(event_at) over (
            partition by visitor_key, event_on, coalesce(session_id, '')
            order by event_at, event_id
        ) as previous_event_at
    from events
),

starts as (
    select
        predecessors.*,
        predecessors.previous_event_at is null or (
            predecessors.session_id is null
            and {{ seconds_between(
                'predecessors.previous_event_at', 'predecessors.event_at'
            ) }} > policy.session_gap_minutes * 60
        ) as starts_session
    from predecessors
    cross join policy
),

cuts as (
    select
        *,
        sum(case when starts_session then 1 else 0 end) over (
            partition by visitor_key, event_on, coalesce(session_id, '')
            order by event_at, event_id
            rows between unbounded preceding and current row
        ) as cut_number
    from starts
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
    starts_session,
    event_at
from cuts
