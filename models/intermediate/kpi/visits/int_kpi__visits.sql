-- One row per period and slice, with the visits that trackers record. A visitor is
-- counted per site, so that visitors of several shops can be added.
with visitors as (select * from {{ ref('int_kpi__visitors') }}),

scopes as (select * from {{ ref('int_kpi__scopes') }})

select
    visitors.period,
    visitors.period_start_on,
    scopes.scope_id as shop_id,
    scopes.dimension,
    {{ dimension_value('scopes.dimension', {
        'platform': "'own'",
        'channel': 'visitors.channel',
    }) }} as dimension_value,
    count(*) as visitor_count,
    count_if(visitors.is_new_visitor) as new_visitor_count,
    count_if(visitors.has_organic_search) as organic_search_visitor_count,
    count_if(visitors.has_paid) as paid_visitor_count,
    count_if(visitors.is_new_visitor and visitors.has_social)
        as new_social_visitor_count,
    count_if(visitors.has_view_item) as viewing_visitor_count,
    count_if(visitors.has_click_item) as clicking_visitor_count,
    count_if(visitors.has_add_to_cart) as cart_visitor_count,
    count_if(visitors.has_favourite or visitors.has_add_to_cart)
        as favourite_or_cart_visitor_count,
    count_if(visitors.has_begin_checkout) as checkout_visitor_count,
    count_if(visitors.has_order) as ordering_visitor_count,
    count_if(visitors.has_pay) as paying_visitor_count,
    count_if(visitors.has_view_item and visitors.has_pay)
        as viewing_paying_visitor_count,
    count_if(visitors.has_view_item and visitors.has_add_to_cart)
        as viewing_cart_visitor_count,
    count_if(visitors.has_add_to_cart and visitors.has_begin_checkout)
        as cart_checkout_visitor_count,
    count_if(visitors.has_begin_checkout and visitors.has_order)
        as checkout_ordering_visitor_count,
    count_if(visitors.has_order and visitors.has_pay)
        as ordering_paying_visitor_count,
    sum(visitors.session_count) as session_count,
    sum(visitors.single_page_session_count) as single_page_session_count,
    sum(visitors.not_engaged_session_count) as not_engaged_session_count,
    sum(visitors.cart_session_count) as cart_session_count,
    sum(visitors.abandoned_cart_session_count) as abandoned_cart_session_count,
    sum(visitors.page_view_count) as page_view_count,
    sum(visitors.view_item_count) as view_item_count,
    sum(visitors.click_item_count) as click_item_count,
    sum(visitors.add_to_cart_count) as add_to_cart_count
from visitors
inner join scopes
    on
        visitors.shop_id = scopes.shop_id
        and scopes.dimension in ('all', 'platform', 'channel')
where (visitors.channel = 'all') <> (scopes.dimension = 'channel')
group by
    visitors.period,
    visitors.period_start_on,
    scopes.scope_id,
    scopes.dimension,
    visitors.channel
