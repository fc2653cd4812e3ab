-- One row per connected feed, source system and shop with the usual and the long gap
-- between its business days.
with feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

arrivals as (select * from {{ ref('int_reference__feed_arrivals') }}),

policy as (select * from {{ ref('shop_policy') }}),

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
    inner join feeds
        on
            arrivals.feed = feeds.feed
            and arrivals.source_system = feeds.source_system
            and arrivals.shop_id = feeds.shop_id
            and arrivals.business_on <= feeds.last_on
    where
        {{ days_between('arrivals.business_on', 'feeds.last_on') }}
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
    feeds.*,
    coalesce(rhythms.gap_count, 0) as gap_count,
    rhythms.usual_gap_days,
    rhythms.long_gap_days
from feeds
left join rhythms
    on
        feeds.feed = rhythms.feed
        and feeds.source_system = rhythms.source_system
        and feeds.shop_id = rhythms.shop_id
