-- One row per need of a KPI and shop that meets it. A need is a feed, one kind of event
-- of the tracker, or a column. Refunds may also be stated by orders or by shop.yml; a
-- shop without a paid order has no refunds to state.
with feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

refund_sources as (select * from {{ ref('int_orders__refund_sources') }}),

events as (select * from {{ ref('int_sessions__events') }}),

column_coverage as (select * from {{ ref('int_kpi__column_coverage') }}),

refunds_known as (
    select feeds.shop_id
    from feeds
    left join refund_sources on feeds.shop_id = refund_sources.shop_id
    where feeds.feed in ('erp.orders', 'erp.refunds')
    group by feeds.shop_id
    having count(refund_sources.shop_id) = count(refund_sources.stated_by)
),

tracked as (
    select
        event_name,
        shop_id
    from events
    group by event_name, shop_id
)

select
    feed as need,
    shop_id
from feeds
where feed <> 'erp.refunds'
group by feed, shop_id
union all
select
    'erp.refunds' as need,
    shop_id
from refunds_known
union all
select
    'web.events:' || event_name as need,
    shop_id
from tracked
union all
select
    'web.events:purchase' as need,
    shop_id
from tracked
where event_name in ('order', 'pay')
group by shop_id
union all
select
    need,
    shop_id
from column_coverage
where is_met and shop_id is not null
