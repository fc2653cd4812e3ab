-- One row per feed of the contract, source system and shop, with its state, the days
-- that it covers and its delay. A feed that a shop lacks has a row with the reason.
with contract as ({{ contract_feeds() }}),

feed_policy as (select * from {{ ref('feeds') }}),

sources as (select * from {{ ref('int_kpi__feed_deliveries') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

source_states as (
    select
        sources.*,
        contract.en,
        contract.zh,
        feed_policy.cadence,
        {{ days_between('sources.last_on', 'as_of.as_of_on') }} as days_behind,
        case
            when sources.stated_by = 'erp.orders' then 'from orders'
            when sources.stated_by = 'shop.yml' then 'declared none'
            when sources.stated_by = 'erp.refunds' then 'no rows'
            when not sources.is_connected then 'not connected'
            when
                feed_policy.cadence = 'daily'
                and {{ days_between('sources.last_on', 'as_of.as_of_on') }}
                > feed_policy.grace_days
                then 'late'
            else 'present'
        end as state
    from sources
    inner join contract on sources.feed = contract.feed
    cross join as_of
    left join feed_policy on sources.feed = feed_policy.feed
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
        when state = 'from orders' then 'the orders state what was given back'
        when state = 'declared none' then 'shop.yml declares that there are none'
        when state = 'no rows' then 'the export of its system has none of this shop'
        when is_delivered_elsewhere then 'delivered for other shops only'
        when not is_connected then 'no export of this feed has landed'
    end as reason_en,
    case
        when state = 'late' then '比最近营业日晚 ' || cast(days_behind as string) || ' 天'
        when state = 'from orders' then '退款由订单数据给出'
        when state = 'declared none' then 'shop.yml 声明无此数据'
        when state = 'no rows' then '该系统的导出中没有此店铺的记录'
        when is_delivered_elsewhere then '仅其他店铺有此数据'
        when not is_connected then '尚未导入此数据'
    end as reason_zh,
    cadence,
    coalesce(row_count, 0) as row_count,
    days_behind,
    first_on,
    last_on,
    last_loaded_at,
    coalesce(gap_count, 0) as gap_count,
    cast(usual_gap_days as double) as usual_gap_days,
    long_gap_days
from source_states
