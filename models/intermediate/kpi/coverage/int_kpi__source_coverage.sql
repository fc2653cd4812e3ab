-- One row per thing that a KPI can need: a feed with the days that it covers, one kind
-- of event within the tracker's feed, or a column that not every export has.
with feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

rhythms as (select * from {{ ref('feeds') }}),

kinds as (select * from {{ ref('event_kinds') }}),

events as (select * from {{ ref('int_sessions__events') }}),

column_needs as (select * from {{ ref('int_kpi__column_needs') }}),

refund_sources as (select * from {{ ref('int_orders__refund_sources') }}),

refunds_stated as (
    select
        'erp.refunds' as feed,
        count(stated_by) > 0 as is_stated
    from refund_sources
    having count(*) > 0
),

spans as (
    select
        rhythms.feed,
        rhythms.cadence = 'daily' as is_daily,
        coalesce(sum(feeds.row_count), 0) > 0 as is_connected,
        min(feeds.first_on) as first_on,
        max(feeds.last_on) as last_on
    from rhythms
    left join feeds on rhythms.feed = feeds.feed
    group by rhythms.feed, rhythms.cadence
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
    from kinds
    union all
    select 'purchase' as event_name
)

select
    spans.feed as need,
    spans.is_daily,
    coalesce(refunds_stated.is_stated, spans.is_connected) as is_connected,
    'not connected: ' || spans.feed as absence,
    spans.first_on,
    spans.last_on
from spans
left join refunds_stated on spans.feed = refunds_stated.feed
union all
select
    spans.feed || ':' || trackable.event_name as need,
    spans.is_daily,
    tracked.event_name is not null or not spans.is_connected as is_connected,
    'not tracked: ' || trackable.event_name as absence,
    spans.first_on,
    spans.last_on
from trackable
cross join spans
left join tracked on trackable.event_name = tracked.event_name
where spans.feed = 'web.events'
union all
select
    need,
    false as is_daily,
    bool_or(is_met) as is_connected,
    absence,
    cast(null as date) as first_on,
    cast(null as date) as last_on
from column_needs
group by need, absence
