-- One row per need that a KPI can have, with whether a source meets it, the days that
-- it covers, and the reason text if it is missing. A need is a feed, one kind of event
-- of the tracker, or a column that not every export has.
{{ config(materialized='compared') }}
with feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

feed_policy as (select * from {{ ref('feeds') }}),

event_kinds as (select * from {{ ref('event_kinds') }}),

events as (select * from {{ ref('int_sessions__events') }}),

column_coverage as (select * from {{ ref('int_kpi__column_coverage') }}),

refund_sources as (select * from {{ ref('int_orders__refund_sources') }}),

refunds_stated as (
    select
        'erp.refunds' as feed,
        count(stated_by) > 0 as is_stated
    from refund_sources
    having count(*) > 0
),

feed_spans as (
    select
        feed_policy.feed,
        feed_policy.cadence = 'daily' as is_daily,
        coalesce(sum(feeds.row_count), 0) > 0 as is_connected,
        min(feeds.first_on) as first_on,
        max(feeds.last_on) as last_on
    from feed_policy
    left join feeds on feed_policy.feed = feeds.feed
    group by feed_policy.feed, feed_policy.cadence
),

tracked as (
    select event_name
    from events
    group by event_name
    union all
    select 'purchase' as event_name
    from events
    where event_name in ('order', 'pay')
    having count(*) > 0
),

trackable as (
    select event_name
    from event_kinds
    union all
    select 'purchase' as event_name
)

select
    feed_spans.feed as need,
    feed_spans.is_daily,
    coalesce(refunds_stated.is_stated, feed_spans.is_connected) as is_connected,
    'not connected: ' || feed_spans.feed as missing_reason,
    feed_spans.first_on,
    feed_spans.last_on
from feed_spans
left join refunds_stated on feed_spans.feed = refunds_stated.feed
union all
select
    feed_spans.feed || ':' || trackable.event_name as need,
    feed_spans.is_daily,
    tracked.event_name is not null or not feed_spans.is_connected as is_connected,
    'not tracked: ' || trackable.event_name as missing_reason,
    feed_spans.first_on,
    feed_spans.last_on
from trackable
cross join feed_spans
left join tracked on trackable.event_name = tracked.event_name
where feed_spans.feed = 'web.events'
union all
select
    need,
    false as is_daily,
    bool_or(is_met) as is_connected,
    missing_reason,
    cast(null as date) as first_on,
    cast(null as date) as last_on
from column_coverage
group by need, missing_reason
