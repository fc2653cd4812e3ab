-- One row per feed of the contract, source and shop: is it connected, from when to
-- when, and how far behind; a feed that a shop lacks has a row that says so, with the
-- reason.
with contract as (
    {{ contract_feeds() }}
),

arrivals as (select * from {{ ref('int_kpi__feed_rhythms') }}),

rhythms as (select * from {{ ref('feeds') }}),

as_of as (select * from {{ ref('int_shop__as_of') }}),

lags as (
    select
        arrivals.*,
        {{ days_between('arrivals.last_on', 'as_of.as_of_on') }} as days_behind
    from arrivals
    cross join as_of
),

-- Exports for the brand alone make no shop.
shops as (
    select arrivals.shop_id
    from arrivals
    inner join rhythms on arrivals.feed = rhythms.feed
    where rhythms.serves = 'shop'
    group by arrivals.shop_id
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
),

lacking as (
    select
        wanted.feed,
        wanted.shop_id,
        delivered.feed is not null as is_delivered_elsewhere
    from wanted
    inner join rhythms on wanted.feed = rhythms.feed
    left join delivered on wanted.feed = delivered.feed
    left join lags on wanted.feed = lags.feed and wanted.shop_id = lags.shop_id
    where lags.feed is null and (rhythms.serves = 'shop' or delivered.feed is null)
),

covered as (
    select
        lags.feed,
        lags.source_system,
        lags.shop_id,
        true as is_connected,
        false as is_delivered_elsewhere,
        lags.row_count,
        lags.days_behind,
        lags.first_on,
        lags.last_on,
        lags.last_loaded_at,
        lags.gap_count,
        lags.usual_gap_days,
        lags.long_gap_days
    from lags
    union all
    select
        feed,
        'none' as source_system,
        shop_id,
        false as is_connected,
        is_delivered_elsewhere,
        0 as row_count,
        null as days_behind,
        null as first_on,
        null as last_on,
        null as last_loaded_at,
        0 as gap_count,
        null as usual_gap_days,
        null as long_gap_days
    from lacking
),

judged as (
    select
        covered.*,
        contract.en,
        contract.zh,
        rhythms.cadence,
        case
            when not covered.is_connected then 'not connected'
            when
                rhythms.cadence = 'daily' and covered.days_behind > rhythms.grace_days
                then 'late'
            else 'present'
        end as state
    from covered
    inner join contract on covered.feed = contract.feed
    left join rhythms on covered.feed = rhythms.feed
)

select
    feed,
    en,
    zh,
    source_system,
    shop_id,
    is_connected,
    state,
    case
        when state = 'late'
            then cast(days_behind as string) || ' days behind the last day of sales'
        when is_delivered_elsewhere then 'delivered for other shops only'
        when not is_connected then 'no export of this feed has landed'
    end as reason_en,
    case
        when state = 'late'
            then '比最近营业日晚 ' || cast(days_behind as string) || ' 天'
        when is_delivered_elsewhere then '仅其他店铺有此数据'
        when not is_connected then '尚未导入此数据'
    end as reason_zh,
    cadence,
    cast(row_count as bigint) as row_count,
    cast(days_behind as bigint) as days_behind,
    first_on,
    last_on,
    last_loaded_at,
    cast(gap_count as bigint) as gap_count,
    cast(usual_gap_days as double) as usual_gap_days,
    cast(long_gap_days as bigint) as long_gap_days
from judged
