-- Per day and shop, the events of the tracker are the events of the sessions, and the
-- sessions and visitors are those of the mart.
{{ config(meta={'dagster': {'ref': {'name': 'daily_traffic'}}}) }}
with events as (
    select
        event_on as traffic_on,
        shop_id,
        count(*) as event_count,
        count(distinct visitor_key) as visitors
    from {{ ref('stg_web__events') }}
    group by event_on, shop_id
),

sessions as (
    select
        session_on as traffic_on,
        shop_id,
        sum(event_count) as event_count,
        count(*) as session_count
    from {{ ref('int_sessions__session_activity') }}
    group by session_on, shop_id
),

mart as (
    select
        traffic_on,
        shop_id,
        sum(case when channel = 'all' then visitors else 0 end) as visitors,
        sum(case when channel = 'all' then sessions else 0 end) as sessions,
        sum(case when channel = 'all' then 0 else sessions end) as channel_sessions
    from {{ ref('daily_traffic') }}
    where evidence = 'event'
    group by traffic_on, shop_id
)

select
    events.traffic_on,
    events.shop_id,
    events.event_count,
    sessions.event_count as session_event_count,
    events.visitors,
    mart.visitors as mart_visitors
from events
left join sessions
    on events.traffic_on = sessions.traffic_on and events.shop_id = sessions.shop_id
left join mart
    on events.traffic_on = mart.traffic_on and events.shop_id = mart.shop_id
where
    events.event_count is distinct from sessions.event_count
    or events.visitors is distinct from mart.visitors
    or sessions.session_count is distinct from mart.sessions
    or sessions.session_count is distinct from mart.channel_sessions
