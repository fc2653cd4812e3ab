-- One row per feed, source system and shop, with the rows that arrived. A feed that the
-- shop lacks has one row with the source system `none`.
with arrivals as (select * from {{ ref('int_reference__feed_rhythms') }}),

missing_feeds as (select * from {{ ref('int_kpi__missing_feeds') }}),

shop_feeds as (
    select
        feed,
        source_system,
        shop_id,
        true as is_connected,
        false as is_delivered_elsewhere,
        cast(null as string) as stated_by
    from arrivals
    union all
    select
        feed,
        'none' as source_system,
        shop_id,
        false as is_connected,
        is_delivered_elsewhere,
        stated_by
    from missing_feeds
)

select
    shop_feeds.*,
    arrivals.row_count,
    arrivals.first_on,
    arrivals.last_on,
    arrivals.last_loaded_at,
    arrivals.gap_count,
    arrivals.usual_gap_days,
    arrivals.long_gap_days
from shop_feeds
left join arrivals
    on
        shop_feeds.feed = arrivals.feed
        and shop_feeds.source_system = arrivals.source_system
        and shop_feeds.shop_id = arrivals.shop_id
