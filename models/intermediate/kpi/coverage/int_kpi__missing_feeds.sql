-- One row per feed of the contract and shop that lacks it, with whether other shops
-- have the feed and which source states the same facts instead. A feed that serves the
-- whole brand is missing only if no export of it exists.
with contract as (
    {{ contract_feeds() }}
),

arrivals as (select * from {{ ref('int_reference__connected_feeds') }}),

feed_policy as (select * from {{ ref('feeds') }}),

-- An export that serves the whole brand does not make its id a shop.
shops as (
    select arrivals.shop_id
    from arrivals
    inner join feed_policy on arrivals.feed = feed_policy.feed
    where feed_policy.serves = 'shop'
    group by arrivals.shop_id
),

refund_sources as (select * from {{ ref('int_orders__refund_sources') }}),

refunds_stated as (
    select
        'erp.refunds' as feed,
        shop_id,
        min(stated_by) as stated_by
    from refund_sources
    group by shop_id
    having count(stated_by) = count(*)
),

expected as (
    select
        contract.feed,
        coalesce(shops.shop_id, 'none') as shop_id
    from contract
    left join shops on true
),

delivered as (
    select feed
    from arrivals
    group by feed
)

select
    expected.feed,
    expected.shop_id,
    delivered.feed is not null as is_delivered_elsewhere,
    refunds_stated.stated_by
from expected
inner join feed_policy on expected.feed = feed_policy.feed
left join delivered on expected.feed = delivered.feed
left join arrivals
    on expected.feed = arrivals.feed and expected.shop_id = arrivals.shop_id
left join refunds_stated
    on expected.feed = refunds_stated.feed and expected.shop_id = refunds_stated.shop_id
where arrivals.feed is null and (feed_policy.serves = 'shop' or delivered.feed is null)
