-- One row per event with its session: the tracker's, else cut by inactivity, and
-- never across midnight of the shop, so that days add up.
with events as (select * from {{ ref('stg_web__events') }}),

policy as (select * from {{ ref('web_policy') }}),

predecessors as (
    select
        *,
        lag(event_at) over (
            partition by visitor_key, event_on order by event_at, event_id
        ) as previous_event_at
    from events
    where session_id is null
),

cuts as (
    select
        predecessors.*,
        sum(
            case
                when
                    {{ seconds_between(
                        'predecessors.previous_event_at', 'predecessors.event_at'
                    ) }} > policy.session_gap_minutes * 60 then 1
                else 0
            end
        ) over (
            partition by predecessors.visitor_key, predecessors.event_on
            order by predecessors.event_at, predecessors.event_id
            rows between unbounded preceding and current row
        ) as cut_number
    from predecessors
    cross join policy
),

labelled as (
    select
        *,
        cast(null as timestamp) as previous_event_at,
        cast(null as bigint) as cut_number
    from events
    where session_id is not null
    union all
    select *
    from cuts
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
from labelled
