-- One row per period, slice, evidence and measure of visitors and sessions.
with visits as (select * from {{ ref('int_kpi__visits') }}),

platform_visits as (select * from {{ ref('int_kpi__platform_visits') }}),

visitor_returns as (select * from {{ ref('int_kpi__visitor_retention') }}),

funnel as (select * from {{ ref('int_kpi__session_funnel') }}),

steps as (select * from {{ ref('int_kpi__step_conversions') }})

{{ measures('visits', [
    'visitor_count', 'new_visitor_count', 'organic_search_visitor_count',
    'paid_visitor_count', 'new_social_visitor_count', 'viewing_visitor_count',
    'clicking_visitor_count', 'cart_visitor_count',
    'favourite_or_cart_visitor_count', 'checkout_visitor_count',
    'ordering_visitor_count', 'paying_visitor_count',
    'viewing_paying_visitor_count', 'viewing_cart_visitor_count',
    'cart_checkout_visitor_count', 'checkout_ordering_visitor_count',
    'ordering_paying_visitor_count', 'session_count', 'single_page_session_count',
    'not_engaged_session_count', 'cart_session_count',
    'abandoned_cart_session_count', 'page_view_count', 'view_item_count',
    'click_item_count', 'add_to_cart_count'
    ], evidence='event') }}
union all
{{ measures('platform_visits', [
    'visitor_count', 'cart_visitor_count', 'ordering_visitor_count',
    'paying_visitor_count', 'session_count', 'single_page_session_count',
    'page_view_count'
    ], evidence='platform', count_gap='count_gap', unknown='not reported') }}
union all
{{ measures('visitor_returns', [
    'followed_d1_count', 'back_d1_count', 'back_or_later_d1_count',
    'back_by_hours_d1_count',
    'followed_d7_count', 'back_d7_count', 'back_or_later_d7_count',
    'back_by_hours_d7_count',
    'followed_d30_count', 'back_d30_count', 'back_or_later_d30_count',
    'back_by_hours_d30_count'
]) }}
union all
{{ measures('funnel', [
    'funnel_visit_session_count', 'funnel_view_session_count',
    'funnel_cart_session_count', 'funnel_checkout_session_count',
    'funnel_order_session_count', 'funnel_pay_session_count'
]) }}
union all
{{ measures('steps', [
    'step_visit_7d_count', 'step_visit_view_7d_count',
    'step_view_7d_count', 'step_view_cart_7d_count',
    'step_cart_7d_count', 'step_cart_checkout_7d_count',
    'step_checkout_7d_count', 'step_checkout_order_7d_count',
    'step_order_7d_count', 'step_order_pay_7d_count'
]) }}
