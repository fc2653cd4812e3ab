-- One row per period and slice, with the visits that trackers record. A visitor is
-- counted per site, so that visitors of several shops can be added.
with site_visits as (select * from {{ ref('int_kpi__site_visits') }}),

scopes as (select * from {{ ref('int_kpi__scopes') }})

select
    site_visits.period,
    site_visits.period_start_on,
    scopes.scope_id as shop_id,
    scopes.dimension,
    {{ dimension_value('scopes.dimension', {
        'platform': "'own'",
        'channel': 'site_visits.channel',
    }) }} as dimension_value,
    sum(site_visits.visitor_count) as visitor_count,
    sum(site_visits.new_visitor_count) as new_visitor_count,
    sum(site_visits.organic_search_visitor_count) as organic_search_visitor_count,
    sum(site_visits.paid_visitor_count) as paid_visitor_count,
    sum(site_visits.new_social_visitor_count) as new_social_visitor_count,
    sum(site_visits.viewing_visitor_count) as viewing_visitor_count,
    sum(site_visits.clicking_visitor_count) as clicking_visitor_count,
    sum(site_visits.cart_visitor_count) as cart_visitor_count,
    sum(site_visits.favourite_or_cart_visitor_count) as favourite_or_cart_visitor_count,
    sum(site_visits.checkout_visitor_count) as checkout_visitor_count,
    sum(site_visits.ordering_visitor_count) as ordering_visitor_count,
    sum(site_visits.paying_visitor_count) as paying_visitor_count,
    sum(site_visits.viewing_paying_visitor_count) as viewing_paying_visitor_count,
    sum(site_visits.viewing_cart_visitor_count) as viewing_cart_visitor_count,
    sum(site_visits.cart_checkout_visitor_count) as cart_checkout_visitor_count,
    sum(site_visits.checkout_ordering_visitor_count) as checkout_ordering_visitor_count,
    sum(site_visits.ordering_paying_visitor_count) as ordering_paying_visitor_count,
    sum(site_visits.session_count) as session_count,
    sum(site_visits.single_page_session_count) as single_page_session_count,
    sum(site_visits.not_engaged_session_count) as not_engaged_session_count,
    sum(site_visits.cart_session_count) as cart_session_count,
    sum(site_visits.abandoned_cart_session_count) as abandoned_cart_session_count,
    sum(site_visits.page_view_count) as page_view_count,
    sum(site_visits.view_item_count) as view_item_count,
    sum(site_visits.click_item_count) as click_item_count,
    sum(site_visits.add_to_cart_count) as add_to_cart_count
from site_visits
inner join scopes
    on
        site_visits.shop_id = scopes.shop_id
        and scopes.dimension in ('all', 'platform', 'channel')
where (site_visits.channel = 'all') <> (scopes.dimension = 'channel')
group by
    site_visits.period,
    site_visits.period_start_on,
    scopes.scope_id,
    scopes.dimension,
    site_visits.channel
