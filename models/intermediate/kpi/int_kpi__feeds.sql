-- One row per connected feed, source system and shop: how much arrived, from when to
-- when, and how far apart its days usually are; a few dates far in the future are not
-- the last day.
with crm as (select * from {{ ref('stg_crm__arrivals') }}),

erp as (select * from {{ ref('stg_erp__arrivals') }}),

ads as (select * from {{ ref('stg_ads__arrivals') }}),

web as (select * from {{ ref('stg_web__arrivals') }}),

as_of as (select * from {{ ref('int_shop__as_of') }}),

policy as (select * from {{ ref('shop_policy') }}),

horizon as (
    select
        coalesce(
            as_of.as_of_on + cast(policy.as_of_gap_days as int),
            date '9999-12-31'
        ) as ends_on
    from as_of
    cross join policy
),

arrivals as (
    select * from crm
    union all
    select * from erp
    union all
    select * from ads
    union all
    select * from web
),

spans as (
    select
        arrivals.feed,
        arrivals.source_system,
        arrivals.shop_id,
        cast(sum(arrivals.row_count) as bigint) as row_count,
        min(arrivals.business_on) as first_on,
        max(
            case
                when arrivals.business_on < horizon.ends_on then arrivals.business_on
            end
        ) as last_on,
        max(arrivals.last_loaded_at) as last_loaded_at
    from arrivals
    cross join horizon
    group by arrivals.feed, arrivals.source_system, arrivals.shop_id
),

recent_days as (
    select
        arrivals.feed,
        arrivals.source_system,
        arrivals.shop_id,
        arrivals.business_on,
        lag(arrivals.business_on) over (
            partition by arrivals.feed, arrivals.source_system, arrivals.shop_id
            order by arrivals.business_on
        ) as previous_on
    from arrivals
    cross join policy
    inner join spans
        on
            arrivals.feed = spans.feed
            and arrivals.source_system = spans.source_system
            and arrivals.shop_id = spans.shop_id
            and arrivals.business_on <= spans.last_on
    where
        {{ days_between('arrivals.business_on', 'spans.last_on') }}
        < policy.rhythm_days
),

gaps as (
    select
        feed,
        source_system,
        shop_id,
        gap_days,
        percent_rank() over (
            partition by feed, source_system, shop_id
            order by gap_days
        ) as longer_than_share
    from (
        select
            feed,
            source_system,
            shop_id,
            {{ days_between('previous_on', 'business_on') }} as gap_days
        from recent_days
        where previous_on is not null
    ) as measured
),

rhythms as (
    select
        gaps.feed,
        gaps.source_system,
        gaps.shop_id,
        count(*) as gap_count,
        median(gaps.gap_days) as usual_gap_days,
        max(
            case
                when gaps.longer_than_share <= policy.rhythm_gap_share
                    then gaps.gap_days
            end
        ) as long_gap_days
    from gaps
    cross join policy
    group by gaps.feed, gaps.source_system, gaps.shop_id
)

select
    spans.feed,
    spans.source_system,
    spans.shop_id,
    spans.row_count,
    spans.first_on,
    spans.last_on,
    spans.last_loaded_at,
    coalesce(rhythms.gap_count, 0) as gap_count,
    rhythms.usual_gap_days,
    rhythms.long_gap_days
from spans
left join rhythms
    on
        spans.feed = rhythms.feed
        and spans.source_system = rhythms.source_system
        and spans.shop_id = rhythms.shop_id
