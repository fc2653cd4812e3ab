-- One row per day, shop, platform, channel and kind of evidence: visits and visitors,
-- counted apart for every row, because one visitor comes through several channels.
with visitor_days as (select * from {{ ref('int_web__visitor_days') }}),

reports as (select * from {{ ref('stg_web__daily_traffic') }}),

channel_map as (select * from {{ ref('int_marketing__channel_map') }})

select
    visited_on as traffic_on,
    source_system,
    shop_id,
    'own' as platform,
    channel,
    channel as traffic_source,
    'event' as evidence,
    count(*) as visitors,
    count_if(is_new_visitor) as new_visitors,
    count_if(has_organic_search) as organic_search_visitors,
    count_if(has_paid) as paid_visitors,
    count_if(has_view_item) as product_viewers,
    count_if(has_click_item) as product_clickers,
    count_if(has_search) as search_visitors,
    count_if(has_favourite) as favourite_visitors,
    count_if(has_add_to_cart) as cart_visitors,
    count_if(has_favourite or has_add_to_cart) as favourite_or_cart_visitors,
    count_if(has_begin_checkout) as checkout_visitors,
    count_if(has_order) as ordering_visitors,
    count_if(has_pay) as paying_visitors,
    cast(sum(session_count) as bigint) as sessions,
    cast(sum(single_page_session_count) as bigint) as single_page_sessions,
    cast(sum(not_engaged_session_count) as bigint) as not_engaged_sessions,
    cast(sum(cart_session_count) as bigint) as cart_sessions,
    cast(sum(abandoned_cart_session_count) as bigint) as abandoned_cart_sessions,
    cast(sum(page_view_count) as bigint) as page_views,
    cast(null as decimal(18, 4)) as reported_paid_amount
from visitor_days
group by visited_on, source_system, shop_id, channel
union all
select
    reports.traffic_on,
    reports.source_system,
    reports.shop_id,
    reports.platform,
    case
        when reports.traffic_source is null then 'all'
        else channel_map.channel
    end,
    coalesce(reports.traffic_source, 'all'),
    'platform',
    reports.visitors,
    null,
    null,
    null,
    null,
    null,
    null,
    reports.favourite_visitors,
    reports.cart_visitors,
    null,
    null,
    reports.ordering_buyers,
    reports.paying_buyers,
    reports.sessions,
    cast(round(reports.bounce_rate * reports.sessions) as bigint),
    null,
    null,
    null,
    reports.page_views,
    reports.paid_amount
from reports
left join channel_map
    on
        channel_map.evidence = 'traffic_source'
        and reports.traffic_source = channel_map.origin
        and reports.platform = channel_map.medium
where reports.product_id is null
