-- One row per period, shop and channel, with the visits that trackers record, and one
-- with channel `all`.
{{ config(
    materialized='kept', key='period_start_on', keys_from='int_kpi__changed_visit_periods'
) }}
-- depends_on: {{ ref('int_kpi__changed_visit_periods') }}
with visitors as (select * from {{ needed(ref('int_kpi__visitors')) }})

select
    period,
    period_start_on,
    shop_id,
    channel,
    count(*) as visitor_count,
    count_if(is_new_visitor) as new_visitor_count,
    count_if(has_organic_search) as organic_search_visitor_count,
    count_if(has_paid) as paid_visitor_count,
    count_if(is_new_visitor and has_social) as new_social_visitor_count,
    count_if(has_view_item) as viewing_visitor_count,
    count_if(has_click_item) as clicking_visitor_count,
    count_if(has_add_to_cart) as cart_visitor_count,
    count_if(has_favourite or has_add_to_cart)
        as favourite_or_cart_visitor_count,
    count_if(has_begin_checkout) as checkout_visitor_count,
    count_if(has_order) as ordering_visitor_count,
    count_if(has_pay) as paying_visitor_count,
    count_if(has_view_item and has_pay)
        as viewing_paying_visitor_count,
    count_if(has_view_item and has_add_to_cart)
        as viewing_cart_visitor_count,
    count_if(has_add_to_cart and has_begin_checkout)
        as cart_checkout_visitor_count,
    count_if(has_begin_checkout and has_order)
        as checkout_ordering_visitor_count,
    count_if(has_order and has_pay)
        as ordering_paying_visitor_count,
    sum(session_count) as session_count,
    sum(single_page_session_count) as single_page_session_count,
    sum(not_engaged_session_count) as not_engaged_session_count,
    sum(cart_session_count) as cart_session_count,
    sum(abandoned_cart_session_count) as abandoned_cart_session_count,
    sum(page_view_count) as page_view_count,
    sum(view_item_count) as view_item_count,
    sum(click_item_count) as click_item_count,
    sum(add_to_cart_count) as add_to_cart_count
from visitors
group by period, period_start_on, shop_id, channel
