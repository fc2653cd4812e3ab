-- One row per day, shop, platform, channel and kind of evidence, with sessions and
-- visitors. Visitors are counted distinct per row and do not add up across channels,
-- because one visitor may come through several.
with visitor_days as (select * from {{ ref('int_sessions__visitor_days') }}),

reports as (select * from {{ ref('stg_web__daily_traffic') }}),

channel_map as (select * from {{ ref('int_sessions__channel_map') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }})

select
    visited_on as traffic_on,
    source_system,
    shop_id,
    'own' as platform,
    channel,
    channel as traffic_source,
    'event' as evidence,
    count(*) as visitors,
    cast(count_if(is_new_visitor) as bigint) as new_visitors,
    cast(count_if(has_organic_search) as bigint) as organic_search_visitors,
    cast(count_if(has_paid) as bigint) as paid_visitors,
    cast(count_if(has_view_item) as bigint) as product_viewers,
    cast(count_if(has_click_item) as bigint) as product_clickers,
    cast(count_if(has_search) as bigint) as search_visitors,
    cast(count_if(has_favourite) as bigint) as favourite_visitors,
    cast(count_if(has_add_to_cart) as bigint) as cart_visitors,
    cast(count_if(has_favourite or has_add_to_cart) as bigint)
        as favourite_or_cart_visitors,
    cast(count_if(has_begin_checkout) as bigint) as checkout_visitors,
    cast(count_if(has_order) as bigint) as ordering_visitors,
    cast(count_if(has_pay) as bigint) as paying_visitors,
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
    end as channel,
    coalesce(reports.traffic_source, 'all') as traffic_source,
    'platform' as evidence,
    reports.visitors,
    cast(null as bigint) as new_visitors,
    cast(null as bigint) as organic_search_visitors,
    cast(null as bigint) as paid_visitors,
    cast(null as bigint) as product_viewers,
    cast(null as bigint) as product_clickers,
    cast(null as bigint) as search_visitors,
    reports.favourite_visitors,
    reports.cart_visitors,
    cast(null as bigint) as favourite_or_cart_visitors,
    cast(null as bigint) as checkout_visitors,
    reports.ordering_buyers as ordering_visitors,
    reports.paying_buyers as paying_visitors,
    reports.sessions,
    cast(
        {{ rounded('reports.bounce_rate * reports.sessions', 0) }} as bigint
    ) as single_page_sessions,
    cast(null as bigint) as not_engaged_sessions,
    cast(null as bigint) as cart_sessions,
    cast(null as bigint) as abandoned_cart_sessions,
    reports.page_views,
    {{ product('reports.paid_amount', 'rates.rate') }} as reported_paid_amount
from reports
left join channel_map
    on
        channel_map.evidence = 'traffic_source'
        and reports.traffic_source = channel_map.origin
        and reports.platform = channel_map.medium
left join rates
    on
        coalesce(reports.currency, '{{ shop_currency() }}') = rates.from_currency
        and reports.traffic_on >= rates.valid_from
        and reports.traffic_on < rates.valid_to
where reports.product_id is null
