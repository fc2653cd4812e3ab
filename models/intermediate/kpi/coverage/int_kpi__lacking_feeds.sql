-- One row per feed of the contract and shop that lacks it, whether other shops have it,
-- and what states the same instead; a feed that serves the whole brand is lacking where
-- none was delivered.
with contract as (
    {{ contract_feeds() }}
),

arrivals as (select * from {{ ref('int_reference__connected_feeds') }}),

rhythms as (select * from {{ ref('feeds') }}),

-- Exports for the brand alone make no shop.
shops as (
    select arrivals.shop_id
    from arrivals
    inner join rhythms on arrivals.feed = rhythms.feed
    where rhythms.serves = 'shop'
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

wanted as (
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
    wanted.feed,
    wanted.shop_id,
    delivered.feed is not null as is_delivered_elsewhere,
    refunds_stated.stated_by
from wanted
inner join rhythms on wanted.feed = rhythms.feed
left join delivered on wanted.feed = delivered.feed
left join arrivals on wanted.feed = arrivals.feed and wanted.shop_id = arrivals.shop_id
left join refunds_stated
    on wanted.feed = refunds_stated.feed and wanted.shop_id = refunds_stated.shop_id
where arrivals.feed is null and (rhythms.serves = 'shop' or delivered.feed is null)
