-- One row per feed, source and shop: what has arrived, or that the shop lacks the feed.
with arrivals as (select * from {{ ref('int_reference__feed_rhythms') }}),

lacking as (select * from {{ ref('int_kpi__lacking_feeds') }}),

feeds_of_shops as (
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
    from lacking
)

select
    feeds_of_shops.*,
    arrivals.row_count,
    arrivals.first_on,
    arrivals.last_on,
    arrivals.last_loaded_at,
    arrivals.gap_count,
    arrivals.usual_gap_days,
    arrivals.long_gap_days
from feeds_of_shops
left join arrivals
    on
        feeds_of_shops.feed = arrivals.feed
        and feeds_of_shops.source_system = arrivals.source_system
        and feeds_of_shops.shop_id = arrivals.shop_id
