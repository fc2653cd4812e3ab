-- One row per period, visitor and channel, and one with channel `all` for the whole
-- period, so that distinct visitors of a period are sums of flags.
{{ config(materialized='view') }}
with visitor_days as (select * from {{ ref('int_sessions__visitor_days') }}),

calendar as (select * from {{ ref('int_reference__period_days') }})

select
    calendar.period,
    calendar.period_start_on,
    visitor_days.visitor_key,
    visitor_days.shop_id,
    visitor_days.channel,
    bool_or(visitor_days.is_new_visitor) as is_new_visitor,
    bool_or(visitor_days.has_organic_search) as has_organic_search,
    bool_or(visitor_days.has_paid) as has_paid,
    bool_or(visitor_days.has_social) as has_social,
    bool_or(visitor_days.has_view_item) as has_view_item,
    bool_or(visitor_days.has_click_item) as has_click_item,
    bool_or(visitor_days.has_favourite) as has_favourite,
    bool_or(visitor_days.has_add_to_cart) as has_add_to_cart,
    bool_or(visitor_days.has_begin_checkout) as has_begin_checkout,
    bool_or(visitor_days.has_order) as has_order,
    bool_or(visitor_days.has_pay) as has_pay,
    sum(visitor_days.session_count) as session_count,
    sum(visitor_days.single_page_session_count) as single_page_session_count,
    sum(visitor_days.not_engaged_session_count) as not_engaged_session_count,
    sum(visitor_days.cart_session_count) as cart_session_count,
    sum(visitor_days.abandoned_cart_session_count) as abandoned_cart_session_count,
    sum(visitor_days.page_view_count) as page_view_count,
    sum(visitor_days.view_item_count) as view_item_count,
    sum(visitor_days.click_item_count) as click_item_count,
    sum(visitor_days.add_to_cart_count) as add_to_cart_count
from visitor_days
inner join calendar on visitor_days.visited_on = calendar.day_on
group by
    calendar.period, calendar.period_start_on, visitor_days.visitor_key,
    visitor_days.shop_id, visitor_days.channel
